package dev.latchkey.server.cli;

import dev.latchkey.simulator.ModelQuestion;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A model that quotes changed lines of both sides, at most 15 spread over what it is shown. Half
/// of the numbers it gives are wrong by one. It reads nothing but the words of the prompt.
final class ChangedLines implements Function<ModelQuestion, String> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_FINDINGS = 15;
  private static final Pattern FILE = Pattern.compile("(F[0-9]+) .*", Pattern.DOTALL);
  private static final Pattern CHANGED = Pattern.compile("([LR])([0-9]+) [-+](.{4,})");
  private static final Pattern NONCE = Pattern.compile("nonce: ([0-9a-f]{32})");

  private record Line(String file, String side, int number, String text) {}

  @Override
  public String apply(ModelQuestion question) {
    ObjectNode answer = JSON.createObjectNode();
    Matcher nonce = NONCE.matcher(question.system());
    answer.put("nonce", nonce.find() ? nonce.group(1) : "");
    ArrayNode seen = answer.putArray("files_seen");
    answer.put("summary", "");
    List<Line> lines = new ArrayList<>();
    String file = "";
    for (String text : question.user().split("\n", -1)) {
      Matcher header = FILE.matcher(text);
      Matcher changed = CHANGED.matcher(text);
      if (header.matches()) {
        file = header.group(1);
        seen.add(file);
      } else if (changed.matches()) {
        int number = Integer.parseInt(changed.group(2));
        String side = changed.group(1).equals("L") ? "LEFT" : "RIGHT";
        lines.add(new Line(file, side, number, changed.group(3)));
      }
    }
    ArrayNode findings = answer.putArray("findings");
    int step = 1 + lines.size() / MAX_FINDINGS;
    for (int i = 0; i < lines.size(); i += step) {
      int error = List.of(0, 1, 0, -1).get(findings.size() % 4);
      write(findings.addObject(), lines.get(i), error);
    }
    return answer.toString();
  }

  private static void write(ObjectNode finding, Line line, int error) {
    finding.put("file", line.file());
    finding.put("side", line.side());
    finding.put("line", line.number() + error);
    finding.put("quote", line.text());
    finding.put("severity", "minor");
    finding.put("confidence", 0.9);
    finding.put("category", "bug");
    finding.put("claim", "has changed");
  }
}
