package dev.latchkey.server;

import dev.latchkey.review.Rules;
import dev.latchkey.review.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/// A repository's own file about its reviews, `.github/latchkey.yml`:
///
/// ```yaml
/// ignore: [docs/, "*.snap"]         # paths, as in .gitignore
/// language: German                   # of summaries and claims
/// failOn: major                      # critical, major, minor or nit
/// verify: true                       # ask the model to refute what it found
/// maxFindings: 10                    # at lines, from 0
/// inlineFrom: minor                  # from which severity on
/// enabled: true                      # false: no reviews at all
/// onPush: true                       # false: only new pull requests, and /review
/// skip:
///   labels: [wip]                    # pull requests with one of these
///   titles: ["[WIP]"]                # pull requests with one of these in their title
/// instructions:
///   - paths: ["**/*.sql"]            # all files if not given
///     text: Look for locks that are held long.
/// ```
///
/// @param failOn null if the file doesn't say
/// @param verify null if the file doesn't say
/// @param maxFindings null if the file doesn't say
/// @param inlineFrom null if the file doesn't say
public record RulesFile(
    Rules rules,
    @Nullable Severity failOn,
    @Nullable Boolean verify,
    @Nullable Integer maxFindings,
    @Nullable Severity inlineFrom,
    Skips skips) {
  /// Where nothing is asked.
  public static final RulesFile NONE =
      new RulesFile(Rules.NONE, null, null, null, null, Skips.NONE);

  /// The largest file that is read, in bytes.
  public static final int MAX_BYTES = Yaml.MAX_BYTES;

  private static final Set<String> KEYS =
      Set.of(
          "ignore",
          "language",
          "failOn",
          "verify",
          "maxFindings",
          "inlineFrom",
          "enabled",
          "onPush",
          "skip",
          "instructions");
  private static final Set<String> SKIP_KEYS = Set.of("labels", "titles");
  private static final Set<String> INSTRUCTION_KEYS = Set.of("paths", "text");
  private static final int MOST_FINDINGS = 1_000;

  /// Reads the file's bytes.
  ///
  /// @param name of the file, for messages
  /// @throws SettingsException if it is no such file; the message names the file, the line, the key
  ///   and what is allowed
  public static RulesFile parse(byte[] bytes, String name) {
    Yaml yaml = new Yaml(name);
    return yaml.root(bytes).map(node -> new Reader(yaml).file(node)).orElse(NONE);
  }

  /// Reads what the file's keys have.
  private record Reader(Yaml yaml) {
    RulesFile file(Node root) {
      List<String> ignore = List.of();
      String language = "";
      Severity failOn = null;
      Boolean verify = null;
      Integer maxFindings = null;
      Severity inlineFrom = null;
      boolean enabled = true;
      boolean onPush = true;
      Skips skips = Skips.NONE;
      List<Rules.Instruction> instructions = List.of();
      for (Yaml.Pair pair : yaml.pairs(root, KEYS)) {
        switch (pair.key()) {
          case "ignore" -> ignore = yaml.texts(pair);
          case "language" -> language = yaml.text(pair);
          case "failOn" -> failOn = severity(pair);
          case "verify" -> verify = flag(pair);
          case "maxFindings" -> maxFindings = number(pair);
          case "inlineFrom" -> inlineFrom = severity(pair);
          case "enabled" -> enabled = flag(pair);
          case "onPush" -> onPush = flag(pair);
          case "skip" -> skips = skips(pair);
          case "instructions" -> instructions = instructions(pair);
          default -> throw yaml.unknown(pair, KEYS);
        }
      }
      try {
        return new RulesFile(
            new Rules(ignore, instructions, language),
            failOn,
            verify,
            maxFindings,
            inlineFrom,
            new Skips(enabled, onPush, skips.labels(), skips.titles()));
      } catch (IllegalArgumentException e) {
        throw new SettingsException(yaml.name() + ": " + e.getMessage());
      }
    }

    private Skips skips(Yaml.Pair above) {
      List<String> labels = List.of();
      List<String> titles = List.of();
      for (Yaml.Pair pair : yaml.pairs(above, SKIP_KEYS)) {
        switch (pair.key()) {
          case "labels" -> labels = yaml.texts(pair);
          case "titles" -> titles = yaml.texts(pair);
          default -> throw yaml.unknown(pair, KEYS);
        }
      }
      try {
        return new Skips(true, true, labels, titles);
      } catch (IllegalArgumentException e) {
        throw new SettingsException(yaml.name() + ": " + e.getMessage());
      }
    }

    private List<Rules.Instruction> instructions(Yaml.Pair pair) {
      List<Rules.Instruction> instructions = new ArrayList<>();
      for (Node node : yaml.nodes(pair)) {
        List<String> paths = List.of();
        String text = "";
        for (Yaml.Pair part : yaml.pairs(pair.with(node), INSTRUCTION_KEYS)) {
          if (part.key().equals("paths")) {
            paths = yaml.texts(part);
          } else {
            text = yaml.text(part);
          }
        }
        if (text.isBlank()) {
          throw yaml.wrong(node, "an instruction needs a \"text\", and may have \"paths\"");
        }
        try {
          instructions.add(new Rules.Instruction(paths, text));
        } catch (IllegalArgumentException e) {
          throw yaml.wrong(node, String.valueOf(e.getMessage()));
        }
      }
      return instructions;
    }

    private Severity severity(Yaml.Pair pair) {
      String word = yaml.text(pair).toUpperCase(Locale.ROOT);
      for (Severity severity : Severity.values()) {
        if (severity.name().equals(word)) {
          return severity;
        }
      }
      throw yaml.wrong(pair, "critical, major, minor or nit");
    }

    private Boolean flag(Yaml.Pair pair) {
      return switch (yaml.text(pair)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw yaml.wrong(pair, "true or false");
      };
    }

    private Integer number(Yaml.Pair pair) {
      String digits = yaml.text(pair);
      int number = digits.matches("[0-9]{1,6}") ? Integer.parseInt(digits) : -1;
      if (number < 0 || number > MOST_FINDINGS) {
        throw yaml.wrong(pair, "a whole number from 0 to " + MOST_FINDINGS);
      }
      return number;
    }
  }
}
