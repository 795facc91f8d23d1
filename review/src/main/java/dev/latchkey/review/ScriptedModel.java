package dev.latchkey.review;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
/// and `claim` are required.
///
/// It can be told to misbehave, at the top for every answer, or in a rule for an answer to which it
/// adds something: `misnumber` is added to the line numbers; `paraphrase: true` quotes the line in
/// other words; `truncate` cuts the answer after so many characters; `refuse: true` says that it
/// won't, in words; `stall: true` says nothing until the time is over. A rule with `refute: true`
/// takes its finding back when the model is asked to refute it.
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

  /// Answers at once, unless it is told to stall.
  ///
  /// @throws ModelException.Unavailable if it stalls, when the time is over
  @Override
  public ModelReply complete(ModelRequest request, Duration timeout) {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("nonce", nonce(request.system()));
    List<ScriptedRules.Manner> manners = new ArrayList<>(List.of(script.manner()));
    read(request.user(), answer, manners);
    if (manners.stream().anyMatch(ScriptedRules.Manner::stall)) {
      throw stalled(timeout);
    }
    boolean refuses = manners.stream().anyMatch(ScriptedRules.Manner::refuse);
    String whole = refuses ? "I'm sorry, but I can't help with that." : answer.toString();
    String text =
        manners.stream()
            .mapToInt(ScriptedRules.Manner::truncate)
            .filter(length -> length >= 0 && length < whole.length())
            .min()
            .stream()
            .mapToObj(length -> whole.substring(0, length))
            .findFirst()
            .orElse(whole);
    return new ModelReply(
        text,
        new Usage(tokens(request.system() + request.user()), tokens(text)),
        text.length() < whole.length() ? FinishReason.LENGTH : FinishReason.STOP);
  }

  private void read(String user, ObjectNode answer, List<ScriptedRules.Manner> manners) {
    ArrayNode seen = answer.putArray("files_seen");
    answer.put("summary", "");
    ArrayNode findings = answer.putArray("findings");
    ArrayNode refuted = answer.putArray("refuted");
    String file = "";
    for (String line : user.split("\\n", -1)) {
      if (line.startsWith("F") && number(line) >= 0) {
        file = line.substring(0, line.indexOf(' '));
        seen.add(file);
      } else if (line.startsWith("R") && number(line) >= 0) {
        String text = line.substring(line.indexOf(' ') + 1);
        for (ScriptedRules.Rule rule : text.startsWith("+") ? matching(text.substring(1)) : NONE) {
          finding(findings.addObject(), rule, file, line);
          manners.add(rule.manner());
        }
      } else if (line.startsWith("N") && number(line) >= 0 && isTakenBack(line)) {
        ObjectNode one = refuted.addObject();
        one.put("finding", line.substring(0, line.indexOf(' ')));
        one.put("reason", "taken back");
      }
    }
  }

  private boolean isTakenBack(String finding) {
    return script.rules().stream()
        .anyMatch(rule -> rule.refute() && finding.endsWith(": " + rule.claim()));
  }

  private static ModelException stalled(Duration timeout) {
    try {
      var _ = new CountDownLatch(1).await(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return ModelException.Unavailable.unanswered("the model did not answer in time", null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ModelException.Unavailable.unanswered("waiting for the model was ended", e);
    }
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
    finding.put("line", number(line) + rule.manner().misnumber());
    String quote = line.substring(line.indexOf(' ') + 2);
    finding.put("quote", rule.manner().paraphrase() ? paraphrased(quote) : quote);
    finding.put("severity", rule.severity());
    finding.put("confidence", rule.confidence());
    finding.put("category", rule.category());
    finding.put("claim", rule.claim());
    if (rule.replacement() != null) {
      finding.put("replacement", rule.replacement());
    }
  }

  /// The words in reverse, as somebody puts them who has not copied them.
  private static String paraphrased(String quote) {
    return "the line with " + String.join(" ", List.of(quote.strip().split("\\s+")).reversed());
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
