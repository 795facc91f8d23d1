package dev.latchkey.review;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is asked of the model, what is left out and why, and what was found without a model. The
/// same snapshot and options always give the same plan.
///
/// @param chunks with secrets masked in their lines, so that no model sees them
/// @param findings secrets, conflict markers and invisible characters in added lines of any file,
///   left out or not
public record Plan(List<Chunk> chunks, List<Omitted> omitted, List<Finding> findings) {
  /// Bounds what an answer must name under `files_seen`.
  private static final int MAX_FILES = 50;

  public Plan {
    chunks = List.copyOf(chunks);
    omitted = List.copyOf(omitted);
    findings = List.copyOf(findings);
  }

  /// Selects files, source before tests before configuration and documents, and packs them.
  public static Plan of(Snapshot snapshot, ReviewOptions options) {
    List<Omitted> omitted = new ArrayList<>();
    List<FileDiff> chosen = new ArrayList<>();
    Selection selection = new Selection(options);
    Inspection inspection = Inspection.of(snapshot.files());
    for (FileDiff file : inspection.files()) {
      Optional<Omitted> reason = selection.omit(file);
      reason.ifPresentOrElse(omitted::add, () -> chosen.add(file));
    }
    chosen.sort(Comparator.comparingInt(Selection::rank));
    List<List<FileDiff>> packed = pack(chosen, options.chunkTokens());
    List<Chunk> chunks = new ArrayList<>();
    for (List<FileDiff> files : packed.subList(0, Math.min(options.maxChunks(), packed.size()))) {
      chunks.add(
          new Chunk(
              Prompt.hash(snapshot, options, files),
              files,
              options.maxAnswerTokens(),
              options.rules().words(files)));
    }
    Map<String, List<FileDiff>> left = new LinkedHashMap<>();
    packed.stream()
        .skip(options.maxChunks())
        .flatMap(List::stream)
        .forEach(part -> left.computeIfAbsent(part.path(), _ -> new ArrayList<>()).add(part));
    left.forEach(
        (path, parts) -> omitted.add(new Omitted(path, Omitted.Reason.OVER_BUDGET, lines(parts))));
    return new Plan(chunks, omitted, inspection.findings());
  }

  private static String lines(List<FileDiff> parts) {
    DiffLine first = parts.getFirst().hunks().getFirst().lines().getFirst();
    DiffLine last = parts.getLast().hunks().getLast().lines().getLast();
    return "lines " + first.number() + " to " + last.number();
  }

  private static List<List<FileDiff>> pack(List<FileDiff> files, int budget) {
    List<List<FileDiff>> packed = new ArrayList<>();
    List<FileDiff> current = new ArrayList<>();
    long used = 0;
    for (FileDiff file : files) {
      for (FileDiff part : Parts.of(file, budget)) {
        long tokens = Tokens.of(part);
        if (!current.isEmpty() && (used + tokens > budget || current.size() == MAX_FILES)) {
          packed.add(List.copyOf(current));
          current.clear();
          used = 0;
        }
        current.add(part);
        used += tokens;
      }
    }
    if (!current.isEmpty()) {
      packed.add(List.copyOf(current));
    }
    return packed;
  }
}
