package dev.latchkey.server.cli;

import dev.latchkey.review.Anchor;
import dev.latchkey.review.Category;
import dev.latchkey.review.Finding;
import dev.latchkey.review.Omitted;
import dev.latchkey.review.Review;
import dev.latchkey.review.Severity;
import dev.latchkey.review.Side;
import dev.latchkey.review.Visible;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A review as SARIF 2.1.0, the OASIS standard that code scanners speak: one run, a rule for each
/// category, a result for each finding.
///
/// CRITICAL and MAJOR are errors, MINOR is a warning, NIT a note, and so is what is tied to no
/// line, for it has no weight. A finding on the side before the change, or tied to no line, has no
/// region, for there is no such line in the file as it is now.
final class SarifReport {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<Category> CATEGORIES = List.of(Category.values());
  private static final String UNRESERVED = "-._~/";

  private SarifReport() {}

  static String print(Report report) {
    ObjectNode root = JSON.createObjectNode();
    root.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    root.put("version", "2.1.0");
    ObjectNode run = root.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    driver.put("name", "Latchkey");
    ArrayNode rules = driver.putArray("rules");
    for (Category category : CATEGORIES) {
      ObjectNode rule = rules.addObject();
      rule.put("id", category.label());
      rule.putObject("shortDescription").put("text", "A finding about " + category.label() + ".");
    }
    invocation(run.putArray("invocations").addObject(), report);
    ArrayNode results = run.putArray("results");
    report.shown().forEach(finding -> result(results.addObject(), finding));
    return root.toPrettyString() + "\n";
  }

  private static void invocation(ObjectNode invocation, Report report) {
    Review review = report.review();
    invocation.put("executionSuccessful", true);
    ArrayNode notifications = invocation.putArray("toolExecutionNotifications");
    for (Omitted omitted : review.omitted()) {
      String detail = omitted.detail().isEmpty() ? "" : " (" + omitted.detail() + ")";
      String text =
          "not reviewed: %s: %s%s"
              .formatted(Visible.path(omitted.path()), omitted.reason().label(), detail);
      notify(notifications.addObject(), omitted.reason().partial() ? "warning" : "note", text);
    }
    if (report.notShown() > 0) {
      notify(notifications.addObject(), "note", report.notShown() + " more findings not listed");
    }
    review.notes().forEach(note -> notify(notifications.addObject(), "warning", note));
  }

  private static void notify(ObjectNode notification, String level, String text) {
    notification.put("level", level);
    notification.putObject("message").put("text", plain(text));
  }

  /// A message without links and placeholders (SARIF 2.1.0, 3.11.5 and 3.11.6), which anybody could
  /// have put there.
  private static String plain(String text) {
    return TextReport.oneLine(text)
        .replace("\\", "\\\\")
        .replace("[", "\\[")
        .replace("]", "\\]")
        .replaceAll("\\{(\\d+)}", "{{$1}}");
  }

  private static void result(ObjectNode result, Finding finding) {
    result.put("ruleId", finding.category().label());
    result.put("ruleIndex", CATEGORIES.indexOf(finding.category()));
    boolean weighs = finding.anchor() != Anchor.UNANCHORED;
    result.put("level", weighs ? level(finding.severity()) : "note");
    result.putObject("message").put("text", plain(finding.claim()));
    boolean isInFile = weighs && finding.side() == Side.RIGHT;
    ArrayNode locations = result.putArray("locations");
    if (!finding.path().isEmpty()) {
      ObjectNode place = locations.addObject().putObject("physicalLocation");
      place.set("artifactLocation", artifact(finding));
      if (isInFile) {
        ObjectNode region = place.putObject("region");
        region.put("startLine", finding.startLine().orElse(finding.line()));
        region.put("endLine", finding.line());
        region.putObject("snippet").put("text", finding.quote());
      }
    }
    result.putObject("partialFingerprints").put("latchkey/v1", finding.fingerprint());
    ObjectNode properties = result.putObject("properties");
    properties.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
    properties.put("confidence", finding.confidence());
    properties.put("anchor", finding.anchor().label());
    properties.put("side", finding.side().name());
    properties.put("line", finding.line());
    finding.suggestion().filter(_ -> isInFile).ifPresent(text -> fix(result, finding, text));
  }

  private static void fix(ObjectNode result, Finding finding, String text) {
    ObjectNode fix = result.putArray("fixes").addObject();
    ObjectNode change = fix.putArray("artifactChanges").addObject();
    change.set("artifactLocation", artifact(finding));
    ObjectNode replacement = change.putArray("replacements").addObject();
    ObjectNode region = replacement.putObject("deletedRegion");
    region.put("startLine", finding.startLine().orElse(finding.line()));
    region.put("startColumn", 1);
    region.put("endLine", finding.line() + 1);
    region.put("endColumn", 1);
    replacement.putObject("insertedContent").put("text", text.isEmpty() ? "" : text + "\n");
  }

  private static ObjectNode artifact(Finding finding) {
    ObjectNode artifact = JSON.createObjectNode();
    artifact.put("uri", uri(finding.path()));
    artifact.put("uriBaseId", "%SRCROOT%");
    return artifact;
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case CRITICAL, MAJOR -> "error";
      case MINOR -> "warning";
      case NIT -> "note";
    };
  }

  /// A path as a relative reference (RFC 3986): everything but unreserved characters is escaped, a
  /// byte that is no text as itself.
  static String uri(String path) {
    StringBuilder uri = new StringBuilder();
    path.codePoints()
        .forEach(c -> {
          boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
          if (plain) {
            uri.append((char) c);
          } else if (c >= 0xDC80 && c <= 0xDCFF) {
            uri.append("%%%02X".formatted(c - 0xDC00));
          } else {
            for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
              uri.append("%%%02X".formatted(b & 0xFF));
            }
          }
        });
    return uri.toString();
  }
}
