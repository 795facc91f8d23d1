package dev.latchkey.bench;

import com.github.difflib.unifieddiff.UnifiedDiff;
import com.github.difflib.unifieddiff.UnifiedDiffReader;
import dev.latchkey.review.Diffs;
import dev.latchkey.review.FileDiff;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.eclipse.jgit.patch.FileHeader;
import org.eclipse.jgit.patch.Patch;

/// What reads a diff beside the parser of `review`.
enum DiffPeer {
  REVIEW("review") {
    @Override
    Parsed parse(byte[] text) {
      List<FileDiff> files = Diffs.parse(text);
      return new Parsed(files.size(), files.stream().mapToLong(f -> f.hunks().size()).sum(), files);
    }
  },
  JGIT("JGit") {
    @Override
    Parsed parse(byte[] text) {
      Patch patch = new Patch();
      patch.parse(text, 0, text.length);
      return parsed(patch);
    }
  },
  JGIT_EDITS("JGit, with edits") {
    @Override
    Parsed parse(byte[] text) {
      Patch patch = new Patch();
      patch.parse(text, 0, text.length);
      // It asks only files with hunks, as JGit fails at the others.
      long edits =
          patch.getFiles().stream()
              .filter(file -> !file.getHunks().isEmpty())
              .mapToLong(file -> file.toEditList().size())
              .sum();
      if (edits == 0) {
        throw new IllegalStateException("JGit finds no edit");
      }
      return parsed(patch);
    }
  },
  JAVA_DIFF_UTILS("java-diff-utils") {
    @Override
    Parsed parse(byte[] text) throws IOException {
      UnifiedDiff diff = UnifiedDiffReader.parseUnifiedDiff(new ByteArrayInputStream(text));
      long hunks = diff.getFiles().stream().mapToLong(f -> f.getPatch().getDeltas().size()).sum();
      return new Parsed(diff.getFiles().size(), hunks, diff);
    }
  };

  private final String title;

  DiffPeer(String title) {
    this.title = title;
  }

  /// What was found, and the peer's own form of it, so that none of it is garbage before the end.
  record Parsed(int files, long hunks, Object whole) {}

  abstract Parsed parse(byte[] text) throws IOException;

  String title() {
    return title;
  }

  private static Parsed parsed(Patch patch) {
    List<? extends FileHeader> files = patch.getFiles();
    return new Parsed(
        files.size(), files.stream().mapToLong(file -> file.getHunks().size()).sum(), patch);
  }
}
