package dev.latchkey.server;

import dev.latchkey.review.Rules;
import dev.latchkey.review.Severity;
import dev.latchkey.review.Visible;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

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
  public static final int MAX_BYTES = 64 * 1024;

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
    if (bytes.length > MAX_BYTES) {
      throw new SettingsException(name + " is larger than 64 KiB");
    }
    Optional<Node> root;
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      root = new Compose(LoadSettings.builder().setLabel(name).build()).composeString(text);
    } catch (CharacterCodingException e) {
      throw new SettingsException(name + " is not UTF-8 text");
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new SettingsException(name + " line " + line + ": no YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new SettingsException(name + ": no YAML that can be read");
    } catch (StackOverflowError e) {
      // The parser goes down as deep as the text does, which is anybody's.
      throw new SettingsException(name + " is nested too deeply");
    }
    return root.map(node -> new Reader(name).file(node)).orElse(NONE);
  }

  /// Reads nodes, which know their lines.
  private record Reader(String name) {
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
      for (Pair pair : pairs(root, KEYS)) {
        switch (pair.key()) {
          case "ignore" -> ignore = texts(pair);
          case "language" -> language = text(pair);
          case "failOn" -> failOn = severity(pair);
          case "verify" -> verify = flag(pair);
          case "maxFindings" -> maxFindings = number(pair);
          case "inlineFrom" -> inlineFrom = severity(pair);
          case "enabled" -> enabled = flag(pair);
          case "onPush" -> onPush = flag(pair);
          case "skip" -> skips = skips(pair.value());
          case "instructions" -> instructions = instructions(pair);
          default -> throw wrong(pair.value(), "unknown key \"" + pair.key() + "\"");
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
        throw new SettingsException(name + ": " + e.getMessage());
      }
    }

    private Skips skips(Node node) {
      List<String> labels = List.of();
      List<String> titles = List.of();
      for (Pair pair : pairs(node, SKIP_KEYS)) {
        switch (pair.key()) {
          case "labels" -> labels = texts(pair);
          case "titles" -> titles = texts(pair);
          default -> throw wrong(pair.value(), "unknown key \"" + pair.key() + "\"");
        }
      }
      return new Skips(true, true, labels, titles);
    }

    /// @param value of the key
    private record Pair(String key, Node value) {}

    private List<Pair> pairs(Node node, Set<String> known) {
      if (!(node instanceof MappingNode mapping)) {
        throw wrong(node, "must be keys with values; known are " + sorted(known));
      }
      Set<String> seen = new HashSet<>();
      List<Pair> pairs = new ArrayList<>();
      for (NodeTuple tuple : mapping.getValue()) {
        String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
        if (!known.contains(key)) {
          throw wrong(
              tuple.getKeyNode(),
              "unknown key \"" + Visible.line(key) + "\", known are " + sorted(known));
        }
        if (!seen.add(key)) {
          throw wrong(tuple.getKeyNode(), "\"" + key + "\" is given twice");
        }
        pairs.add(new Pair(key, tuple.getValueNode()));
      }
      return pairs;
    }

    private List<Rules.Instruction> instructions(Pair pair) {
      List<Rules.Instruction> instructions = new ArrayList<>();
      for (Node node : nodes(pair)) {
        List<String> paths = List.of();
        String text = "";
        for (Pair part : pairs(node, INSTRUCTION_KEYS)) {
          if (part.key().equals("paths")) {
            paths = texts(part);
          } else {
            text = text(part);
          }
        }
        if (text.isBlank()) {
          throw wrong(node, "an instruction needs a \"text\", and may have \"paths\"");
        }
        try {
          instructions.add(new Rules.Instruction(paths, text));
        } catch (IllegalArgumentException e) {
          throw wrong(node, String.valueOf(e.getMessage()));
        }
      }
      return instructions;
    }

    private List<String> texts(Pair pair) {
      List<String> texts = new ArrayList<>();
      for (Node node : nodes(pair)) {
        texts.add(text(new Pair(pair.key(), node)));
      }
      return texts;
    }

    private List<Node> nodes(Pair pair) {
      if (pair.value() instanceof SequenceNode sequence) {
        return sequence.getValue();
      }
      throw wrong(pair, "a list");
    }

    private String text(Pair pair) {
      if (pair.value() instanceof ScalarNode scalar) {
        return scalar.getValue();
      }
      throw wrong(pair, "a text");
    }

    private Severity severity(Pair pair) {
      String word = text(pair).toUpperCase(Locale.ROOT);
      for (Severity severity : Severity.values()) {
        if (severity.name().equals(word)) {
          return severity;
        }
      }
      throw wrong(pair, "critical, major, minor or nit");
    }

    private Boolean flag(Pair pair) {
      return switch (text(pair)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw wrong(pair, "true or false");
      };
    }

    private Integer number(Pair pair) {
      String digits = text(pair);
      int number = digits.matches("[0-9]{1,6}") ? Integer.parseInt(digits) : -1;
      if (number < 0 || number > MOST_FINDINGS) {
        throw wrong(pair, "a whole number from 0 to " + MOST_FINDINGS);
      }
      return number;
    }

    private SettingsException wrong(Pair pair, String allowed) {
      return wrong(pair.value(), "\"" + pair.key() + "\" must be " + allowed);
    }

    private SettingsException wrong(Node node, String what) {
      int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
      return new SettingsException(name + " line " + line + ": " + what);
    }

    private static String sorted(Set<String> words) {
      return String.join(", ", new TreeSet<>(words));
    }
  }
}
