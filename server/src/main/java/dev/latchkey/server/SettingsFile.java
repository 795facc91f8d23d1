package dev.latchkey.server;

import dev.latchkey.review.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// The operator's file of settings, `latchkey.yml`.
///
/// @param prices by a model's full name
record SettingsFile(Map<Setting, Value> values, Map<String, PriceLine> prices) {

  static final SettingsFile NONE = new SettingsFile(Map.of(), Map.of());

  private static final String PRICES = "prices";
  private static final Pattern MODEL =
      Pattern.compile("(ollama|openai|anthropic|scripted):.{1,200}");
  private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

  /// @param source where it stands
  record PriceLine(Settings.Price price, String source) {}

  SettingsFile {
    values = Map.copyOf(values);
    prices = Map.copyOf(prices);
  }

  /// Reads a file.
  ///
  /// @throws SettingsException if it can't be read, or has a mistake; the message names the file,
  ///   the line, the key and what is allowed
  static SettingsFile read(Path file) {
    String name = Visible.path(file.normalize().toString());
    try (InputStream in = Files.newInputStream(file)) {
      return parse(in.readNBytes(Yaml.MAX_BYTES + 1), name);
    } catch (NoSuchFileException e) {
      throw new SettingsException(name + " does not exist", e);
    } catch (IOException e) {
      throw new SettingsException(name + " can't be read: " + e.getClass().getSimpleName(), e);
    }
  }

  /// @param name of the file, for messages
  static SettingsFile parse(byte[] bytes, String name) {
    Yaml yaml = new Yaml(name);
    return yaml.root(bytes).map(root -> new Reading(yaml).file(root)).orElse(NONE);
  }

  private static final class Reading {
    private final Yaml yaml;
    private final Map<Setting, Value> values = new EnumMap<>(Setting.class);
    private final Map<String, PriceLine> prices = new LinkedHashMap<>();

    Reading(Yaml yaml) {
      this.yaml = yaml;
    }

    SettingsFile file(Node root) {
      for (Yaml.Pair pair : yaml.pairs(root, below(""))) {
        if (Setting.ofKey(pair.path()).isPresent()) {
          add(pair);
        } else {
          section(pair);
        }
      }
      return new SettingsFile(values, prices);
    }

    private void section(Yaml.Pair section) {
      for (Yaml.Pair pair : yaml.pairs(section, below(section.key() + "."))) {
        if (pair.path().equals("model." + PRICES)) {
          prices(pair);
        } else {
          add(pair);
        }
      }
    }

    /// Returns the keys which may stand below a section, or the sections.
    private static Set<String> below(String prefix) {
      Stream<String> keys = Arrays.stream(Setting.values()).map(Setting::key);
      Stream<String> all = Stream.concat(keys, Stream.of("model." + PRICES));
      return all.filter(key -> key.startsWith(prefix))
          .map(key -> key.substring(prefix.length()).replaceFirst("\\..*", ""))
          .collect(Collectors.toSet());
    }

    private void add(Yaml.Pair pair) {
      Setting setting = Setting.ofKey(pair.path()).orElseThrow();
      boolean list = setting == Setting.OWNERS && pair.value() instanceof SequenceNode;
      String text = list ? String.join(",", yaml.texts(pair)) : yaml.text(pair);
      if (text.isBlank()) {
        throw yaml.wrong(pair, "given a value, or left out");
      }
      String source = yaml.place(pair.line());
      values.put(setting, new Value(text, source + ": \"" + pair.path() + "\"", source));
    }

    private void prices(Yaml.Pair table) {
      String allowed =
          "models as in openai:NAME, each with in and out, the cost of a million tokens";
      for (Yaml.Pair model : yaml.entries(table, "allowed are " + allowed)) {
        if (!MODEL.matcher(model.key()).matches()) {
          throw yaml.wrong(table, allowed);
        }
        List<Yaml.Pair> costs = yaml.pairs(model, Set.of("in", "out"));
        Settings.Price price =
            new Settings.Price(amount(model, costs, "in"), amount(model, costs, "out"));
        prices.put(model.key(), new PriceLine(price, yaml.place(model.line())));
      }
    }

    private BigDecimal amount(Yaml.Pair model, List<Yaml.Pair> costs, String key) {
      Yaml.Pair cost =
          costs.stream()
              .filter(pair -> pair.key().equals(key))
              .findFirst()
              .orElseThrow(
                  () -> yaml.wrong(model, "given both in and out, the cost of a million tokens"));
      String text = yaml.text(cost);
      if (!AMOUNT.matcher(text).matches()) {
        throw yaml.wrong(cost, "an amount such as 0.25, the cost of a million tokens");
      }
      return new BigDecimal(text);
    }
  }
}
