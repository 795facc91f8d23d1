package dev.latchkey.simulator;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// A changed file as `GET /pulls/{n}/files` gives it.
///
/// @param status `added`, `removed`, `modified`, `renamed`, `copied` or `changed`
/// @param previousFilename the old path of a renamed or copied file, else null
/// @param blob the id of the new content, for a removed file of the old one; 40 hex digits
/// @param patch from the first `@@` on, without the line break at its end; null for a binary file,
///   a file without a changed line, and a patch that is too large
public record SimulatedFile(
    String filename,
    @Nullable String previousFilename,
    String status,
    String blob,
    int additions,
    int deletions,
    @Nullable String patch) {

  public SimulatedFile {
    requireNonNull(filename, "filename");
    requireNonNull(status, "status");
    requireNonNull(blob, "blob");
  }

  /// A file changed in place, its counts taken from the patch.
  public static SimulatedFile modified(String filename, String patch) {
    return of(filename, "modified", patch);
  }

  /// A new file, its counts taken from the patch.
  public static SimulatedFile added(String filename, String patch) {
    return of(filename, "added", patch);
  }

  /// A file whose lines GitHub does not show.
  public static SimulatedFile binary(String filename) {
    return new SimulatedFile(filename, null, "modified", "b".repeat(40), 0, 0, null);
  }

  private static SimulatedFile of(String filename, String status, String patch) {
    var lines = PatchLines.of(patch);
    return new SimulatedFile(
        filename, null, status, "a".repeat(40), lines.additions(), lines.deletions(), patch);
  }
}
