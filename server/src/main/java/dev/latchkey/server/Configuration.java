package dev.latchkey.server;

import dev.latchkey.review.Visible;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the operator set, as text: environment variables, which win, over a file, over defaults. An
/// empty variable counts as absent, as is usual where a service file clears one.
final class Configuration {

  /// The file in the working directory which is read if none is named.
  static final Path USUAL_FILE = Path.of("latchkey.yml");

  private static final String MASK = "***";

  private final Map<Setting, Value> given;
  private final Map<String, SettingsFile.PriceLine> prices;
  private final Optional<Path> file;
  private final Set<String> variables;

  /// One line of what is in force.
  ///
  /// @param source where it comes from
  record Line(String key, String value, String source) {}

  private Configuration(Map<String, String> variables, Optional<Path> file, SettingsFile read) {
    this.given = new EnumMap<>(Setting.class);
    this.prices = read.prices();
    this.file = file;
    this.variables = Set.copyOf(variables.keySet());
    for (Setting setting : Setting.values()) {
      Value value = ofVariable(setting, variables);
      value = value == null ? read.values().get(setting) : value;
      if (value != null) {
        given.put(setting, value);
      }
    }
    keepOneKey(variables);
  }

  static Configuration of(Map<String, String> variables) {
    return of(variables, SettingsFile.NONE);
  }

  /// @param read which variables win over
  static Configuration of(Map<String, String> variables, SettingsFile read) {
    return new Configuration(variables, Optional.empty(), read);
  }

  /// Reads the file too.
  ///
  /// @param named null for the usual one, which needn't be there
  /// @throws SettingsException if the file can't be read, or has a mistake
  static Configuration read(Map<String, String> variables, @Nullable Path named) {
    if (named == null && !Files.exists(USUAL_FILE)) {
      return of(variables);
    }
    Path file = named == null ? USUAL_FILE : named;
    return new Configuration(variables, Optional.of(file), SettingsFile.read(file));
  }

  private static @Nullable Value ofVariable(Setting setting, Map<String, String> variables) {
    String text = variables.get(setting.variable());
    if (text == null || text.isBlank()) {
      return null;
    }
    Value value = Value.ofVariable(setting, text);
    if (setting != Setting.MODEL_PROVIDER && setting != Setting.MODEL_NAME) {
      return value;
    }
    int colon = text.indexOf(':');
    if (colon < 1 || colon == text.length() - 1) {
      throw value.wrong(
          "is not a provider and a name; allowed are ollama:NAME, openai:NAME, anthropic:NAME and"
              + " scripted:FILE");
    }
    boolean provider = setting == Setting.MODEL_PROVIDER;
    String part = provider ? text.substring(0, colon) : text.substring(colon + 1);
    return Value.ofVariable(setting, part);
  }

  /// A key by variable wins over one by file, whichever way either is given.
  private void keepOneKey(Map<String, String> variables) {
    boolean pem = ofVariable(Setting.PRIVATE_KEY, variables) != null;
    boolean path = ofVariable(Setting.PRIVATE_KEY_PATH, variables) != null;
    if (pem != path) {
      given.remove(pem ? Setting.PRIVATE_KEY_PATH : Setting.PRIVATE_KEY);
    }
  }

  /// Returns what somebody set.
  Optional<Value> given(Setting setting) {
    return Optional.ofNullable(given.get(setting));
  }

  /// Returns what somebody set, or the default.
  Value value(Setting setting) {
    return given(setting)
        .or(() -> setting.otherwise().map(text -> Value.byDefault(setting, text)))
        .orElseThrow();
  }

  /// @param allowed what may stand there, told to the person who left it out
  Value required(Setting setting, String allowed) {
    return given(setting)
        .orElseThrow(() ->
            new SettingsException(
                "%s is not set; set it to %s, or %s in %s"
                    .formatted(
                        setting.variable(),
                        allowed,
                        setting.key(),
                        file.orElse(USUAL_FILE).getFileName())));
  }

  Map<String, Settings.Price> prices() {
    return prices.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, one -> one.getValue().price()));
  }

  /// Returns the file that was read.
  Optional<Path> file() {
    return file;
  }

  /// Returns whether the file that was read holds a secret.
  boolean fileHoldsSecrets() {
    return given.entrySet().stream()
        .anyMatch(one ->
            one.getKey().secret() && !one.getValue().source().equals(one.getKey().variable()));
  }

  /// Returns variables which look as if somebody meant a setting and mistyped it.
  List<String> strangeVariables() {
    Set<String> known =
        Arrays.stream(Setting.values()).map(Setting::variable).collect(Collectors.toSet());
    return variables.stream()
        .filter(name -> name.startsWith("LATCHKEY_") && !known.contains(name))
        .sorted()
        .toList();
  }

  /// Returns what is in force, secrets masked.
  List<Line> inForce() {
    List<Line> lines = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      Optional<Value> value =
          given(setting).or(() -> setting.otherwise().map(t -> Value.byDefault(setting, t)));
      String shown =
          value.map(set -> setting.secret() ? MASK : Visible.line(set.text())).orElse("-");
      lines.add(new Line(setting.key(), shown, value.map(Value::source).orElse("not set")));
    }
    new TreeMap<>(prices)
        .forEach((model, line) ->
            lines.add(
                new Line(
                    "model.prices." + Visible.line(model),
                    "in %s, out %s"
                        .formatted(
                            line.price().in().toPlainString(), line.price().out().toPlainString()),
                    line.source())));
    return lines;
  }
}
