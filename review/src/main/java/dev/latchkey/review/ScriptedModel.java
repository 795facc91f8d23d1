package dev.latchkey.review;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A model without a mind: it answers from rules, always the same, for demonstrations and tests. It
/// reads nothing but the words of the prompt it is sent, with no code of the checks, so that it
/// finds their mistakes instead of sharing them.
///
/// Its rules are JSON: `{"misnumber": 0, "rules": [{"pattern": "LATER", "severity": "minor",
/// "category": "docs", "confidence": 0.9, "claim": "…", "replacement": "…"}]}`. An added line which
/// has the pattern becomes a finding; a `*` in a pattern stands for any characters. Only `pattern`
/// and `claim` are required. `misnumber` is added to every line number it gives.
public final class ScriptedModel implements Model {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_FILE = 1024 * 1024;

  private final ScriptedRules script;

  private ScriptedModel(ScriptedRules script) {
    this.script = script;
  }

  /// Reads rules from a file of at most 1 MiB.
  ///
  /// @throws IllegalArgumentException if it is unreadable or wrong; the message says where
  public static ScriptedModel read(Path file) {
    try {
      if (Files.size(file) > MAX_FILE) {
        throw new IllegalArgumentException(file + " is larger than 1 MiB, the limit for rules");
      }
      return new ScriptedModel(ScriptedRules.parse(Files.readString(file), file.toString()));
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalArgumentException(
          "can't read the scripted model's rules from " + file + ": is it a readable UTF-8 file?",
          e);
    }
  }

  /// Takes rules as JSON text.
  ///
  /// @throws IllegalArgumentException if they are wrong
  public static ScriptedModel of(String rules) {
    return new ScriptedModel(ScriptedRules.parse(rules, "rules"));
  }

  @Override
  public ModelReply complete(ModelRequest request, Duration timeout) {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("nonce", nonce(request.system()));
    ArrayNode seen = answer.putArray("files_seen");
    answer.put("summary", "");
    ArrayNode findings = answer.putArray("findings");
    String file = "";
    for (String line : request.user().split("\\n", -1)) {
      if (line.startsWith("F") && number(line) >= 0) {
        file = line.substring(0, line.indexOf(' '));
        seen.add(file);
      } else if (line.startsWith("R") && number(line) >= 0) {
        String text = line.substring(line.indexOf(' ') + 1);
        for (ScriptedRules.Rule rule : text.startsWith("+") ? matching(text.substring(1)) : NONE) {
          finding(findings.addObject(), rule, file, line);
        }
      }
    }
    String text = answer.toString();
    return new ModelReply(
        text,
        new Usage(tokens(request.system() + request.user()), tokens(text)),
        FinishReason.STOP);
  }

  private static final List<ScriptedRules.Rule> NONE = List.of();

  private List<ScriptedRules.Rule> matching(String text) {
    List<ScriptedRules.Rule> matching = new ArrayList<>();
    script.rules().stream().filter(rule -> rule.matches(text)).forEach(matching::add);
    return matching;
  }

  private void finding(ObjectNode finding, ScriptedRules.Rule rule, String file, String line) {
    finding.put("file", file);
    finding.put("side", "RIGHT");
    finding.put("line", number(line) + script.misnumber());
    finding.put("quote", line.substring(line.indexOf(' ') + 2));
    finding.put("severity", rule.severity());
    finding.put("confidence", rule.confidence());
    finding.put("category", rule.category());
    finding.put("claim", rule.claim());
    if (rule.replacement() != null) {
      finding.put("replacement", rule.replacement());
    }
  }

  /// The number between a line's first letter and its first blank, or -1.
  private static int number(String line) {
    int blank = line.indexOf(' ');
    if (blank < 2 || blank > 10) {
      return -1;
    }
    for (int i = 1; i < blank; i++) {
      if (line.charAt(i) < '0' || line.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(line.substring(1, blank));
  }

  private static String nonce(String system) {
    int at = system.lastIndexOf("nonce: ");
    return at < 0 ? "" : system.substring(at + "nonce: ".length()).strip();
  }

  private static long tokens(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length / 3;
  }
}
