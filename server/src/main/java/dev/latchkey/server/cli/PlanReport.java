package dev.latchkey.server.cli;

import dev.latchkey.review.Chunk;
import dev.latchkey.review.FileDiff;
import dev.latchkey.review.Omitted;
import dev.latchkey.review.Plan;
import dev.latchkey.review.Visible;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What would be asked of a model, without asking it.
///
/// As JSON: `{chunks: [{hash, tokens, files: [path]}], tokens, omitted: [{path, reason, detail}],
/// foundWithoutModel}`, where tokens are a guess from the number of bytes.
final class PlanReport {
  private static final JsonMapper JSON = new JsonMapper();

  private PlanReport() {}

  static String json(Plan plan) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode chunks = root.putArray("chunks");
    for (Chunk chunk : plan.chunks()) {
      ObjectNode node = chunks.addObject();
      node.put("hash", chunk.hash());
      node.put("tokens", chunk.tokens());
      ArrayNode files = node.putArray("files");
      chunk.files().stream().map(FileDiff::path).map(JsonReport::path).forEach(files::add);
    }
    root.put("tokens", tokens(plan));
    ArrayNode omitted = root.putArray("omitted");
    plan.omitted().forEach(one -> JsonReport.write(omitted.addObject(), one));
    root.put("foundWithoutModel", plan.findings().size());
    return root.toPrettyString() + "\n";
  }

  private static long tokens(Plan plan) {
    return plan.chunks().stream().mapToLong(Chunk::tokens).sum();
  }

  static String text(Plan plan) {
    StringBuilder out = new StringBuilder();
    int number = 0;
    for (Chunk chunk : plan.chunks()) {
      number++;
      out.append("Question ").append(number).append(", about ").append(count(chunk.tokens()));
      out.append(" tokens\n");
      for (FileDiff file : chunk.files()) {
        out.append("  ").append(Visible.path(file.path()));
        out.append("  +").append(file.additions()).append(" -").append(file.deletions());
        out.append('\n');
      }
    }
    if (!plan.omitted().isEmpty()) {
      out.append(number == 0 ? "" : "\n").append("Not to be reviewed\n");
    }
    for (Omitted omitted : plan.omitted()) {
      out.append("  ").append(Visible.path(omitted.path())).append(": ");
      out.append(omitted.reason().label());
      out.append(omitted.detail().isEmpty() ? "" : " (" + omitted.detail() + ")").append('\n');
    }
    out.append('\n').append(number).append(number == 1 ? " question" : " questions");
    out.append(", about ").append(count(tokens(plan))).append(" tokens; found without a model: ");
    return out.append(plan.findings().size()).append(". Nothing was asked.\n").toString();
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
