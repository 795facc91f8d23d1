package dev.latchkey.server.cli;

import dev.latchkey.review.Finding;
import dev.latchkey.review.Omitted;
import dev.latchkey.review.Review;
import dev.latchkey.review.Visible;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A review as JSON. Its form is stable: fields are added, never renamed or removed.
///
/// `{verdict, partial, failed, base, head, findings: [{path, side, startLine, line, severity,
/// confidence, category, claim, quote, anchor, fingerprint, suggestion}], notShown, omitted:
/// [{path, reason, detail}], notes: [text], usage: {inputTokens, outputTokens}}`. `startLine` and
/// `suggestion` are null where there is none; `anchor` is exact, moved or unanchored; for the last,
/// `line` and `quote` are what the model said. In texts, characters that can't be seen are escaped
/// as in prompts.
final class JsonReport {
  private static final JsonMapper JSON = new JsonMapper();

  private JsonReport() {}

  static String print(Report report) {
    Review review = report.review();
    ObjectNode root = JSON.createObjectNode();
    root.put("verdict", review.verdict().label());
    root.put("partial", review.partial());
    root.put("failed", report.failed());
    root.put("base", report.snapshot().baseSha());
    root.put("head", report.snapshot().headSha());
    ArrayNode findings = root.putArray("findings");
    report.shown().forEach(finding -> write(findings.addObject(), finding));
    root.put("notShown", report.notShown());
    ArrayNode omitted = root.putArray("omitted");
    review.omitted().forEach(one -> write(omitted.addObject(), one));
    ArrayNode notes = root.putArray("notes");
    review.notes().forEach(notes::add);
    ObjectNode usage = root.putObject("usage");
    usage.put("inputTokens", review.usage().inputTokens());
    usage.put("outputTokens", review.usage().outputTokens());
    return root.toPrettyString() + "\n";
  }

  private static void write(ObjectNode node, Finding finding) {
    node.put("path", path(finding.path()));
    node.put("side", finding.side().name());
    finding
        .startLine()
        .ifPresentOrElse(line -> node.put("startLine", line), () -> node.putNull("startLine"));
    node.put("line", finding.line());
    node.put("severity", finding.severity().name());
    node.put("confidence", finding.confidence());
    node.put("category", finding.category().label());
    node.put("claim", TextReport.oneLine(finding.claim()));
    node.put("quote", finding.quote());
    node.put("anchor", finding.anchor().label());
    node.put("fingerprint", finding.fingerprint());
    finding
        .suggestion()
        .ifPresentOrElse(text -> node.put("suggestion", text), () -> node.putNull("suggestion"));
  }

  static void write(ObjectNode node, Omitted omitted) {
    node.put("path", path(omitted.path()));
    node.put("reason", omitted.reason().name().toLowerCase(Locale.ROOT));
    node.put("detail", omitted.detail());
  }

  /// A path as it is, unless it has bytes that no JSON can hold.
  static String path(String path) {
    boolean text = path.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    return text ? path : Visible.path(path);
  }
}
