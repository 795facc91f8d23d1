package dev.latchkey.review;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/// The text of a pull request as large as GitHub shows them: code, tests, documents, lock files,
/// vendored and binary files, and renames. The same seed always gives the same text.
final class LargeDiff {
  private static final String[] WORDS = {
    "delivery", "lane", "Step", "charge", "find", "value", "nächste", "review", "count", "limit"
  };

  private final Random random;
  private final StringBuilder text = new StringBuilder();
  private int changed;

  private LargeDiff(long seed) {
    this.random = new Random(seed);
  }

  /// A diff of `files` files with `changes` added and deleted lines together. One file in ten is
  /// binary or only renamed; the lines are spread over the others.
  static byte[] of(long seed, int files, int changes) {
    LargeDiff diff = new LargeDiff(seed);
    for (int i = 0; i < files; i++) {
      int due = (int) ((long) changes * (i + 1) / files) - diff.changed;
      diff.file(i, due);
    }
    return diff.text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void file(int index, int changes) {
    switch (index % 20) {
      case 3 -> {
        String path = path(index, "png");
        text.append("diff --git a/%s b/%s\nindex 1a2b3c4..5d6e7f8 100644\n".formatted(path, path));
        text.append("Binary files a/%s and b/%s differ\n".formatted(path, path));
      }
      case 8 -> {
        String path = path(index, "java");
        text.append("diff --git a/old/%s b/%s\nsimilarity index 100%%\n".formatted(path, path));
        text.append("rename from old/%s\nrename to %s\n".formatted(path, path));
      }
      case 9 -> added("web/m" + index + "/package-lock.json", changes);
      case 12 -> added("vendor/m" + index + "/code.go", changes);
      case 15 -> modified(path(index, "md"), changes);
      default -> modified(path(index, "java"), changes);
    }
  }

  private static String path(int index, String type) {
    String folder = index % 5 == 0 ? "src/test/java" : "src/main/java";
    return "%s/shop/m%d/Class%d.%s".formatted(folder, index % 97, index, type);
  }

  private void header(String path, boolean added) {
    text.append("diff --git a/").append(path).append(" b/").append(path).append('\n');
    text.append(added ? "new file mode 100644\n" : "").append("index 1a2b3c4..5d6e7f8\n");
    text.append(added ? "--- /dev/null\n" : "--- a/" + path + "\n");
    text.append("+++ b/").append(path).append('\n');
  }

  private void added(String path, int changes) {
    if (changes > 0) {
      header(path, true);
      text.append("@@ -0,0 +1,%d @@\n".formatted(changes));
      lines('+', changes);
    }
  }

  /// Hunks of up to 12 changed lines between 3 unchanged ones above and below.
  private void modified(String path, int changes) {
    header(path, false);
    int left = changes;
    int at = 1;
    int shift = 0;
    while (left > 0) {
      int size = Math.min(left, 1 + random.nextInt(12));
      int deleted = random.nextInt(size + 1);
      int added = size - deleted;
      at += 1 + random.nextInt(40);
      text.append(
          "@@ -%d,%d +%d,%d @@ void %s() {\n"
              .formatted(at, 6 + deleted, at + shift, 6 + added, WORDS[random.nextInt(4)]));
      lines(' ', 3);
      lines('-', deleted);
      lines('+', added);
      lines(' ', 3);
      at += 6 + deleted;
      shift += added - deleted;
      left -= size;
    }
  }

  private void lines(char mark, int count) {
    changed += mark == ' ' ? 0 : count;
    for (int i = 0; i < count; i++) {
      text.append(mark).append("    ");
      int words = random.nextInt(9);
      for (int word = 0; word < words; word++) {
        String name = WORDS[random.nextInt(WORDS.length)];
        text.append(name.toLowerCase(Locale.ROOT)).append(random.nextInt(100)).append(' ');
      }
      text.append(";\n");
    }
  }
}
