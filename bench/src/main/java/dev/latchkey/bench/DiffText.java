package dev.latchkey.bench;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/// The text of a large difference, as `git diff` prints it: code with hunks of a few changed lines
/// between three unchanged ones, and here and there a new file, a rename or a binary one. The same
/// arguments always give the same text.
final class DiffText {
  /// How many changed lines a changed file has on average, so that 3,000 files have a bit more than
  /// 100,000.
  private static final int CHANGES_EACH = 36;

  private static final int CONTEXT = 3;
  private static final String[] WORDS = {
    "return", "delivery", "lane", "if", "step", "charge", "=", "value", "new", "limit", "count",
    "find", "review", "naïve", "snapshot", "(", ")", "+", "final", "int", "String", "options"
  };

  private final Random random;
  private final StringBuilder text = new StringBuilder();

  private DiffText(long seed) {
    this.random = new Random(seed);
  }

  /// A text of that many files.
  static byte[] ofFiles(int files, long seed) {
    DiffText diff = new DiffText(seed);
    for (int i = 0; i < files; i++) {
      diff.file(i);
    }
    return diff.bytes();
  }

  /// A text of at least that many bytes: whole files until there are enough.
  static byte[] ofBytes(int bytes, long seed) {
    DiffText diff = new DiffText(seed);
    for (int i = 0; diff.text.length() < bytes; i++) {
      diff.file(i);
    }
    return diff.bytes();
  }

  private byte[] bytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void file(int index) {
    String path = "src/main/java/shop/module%d/Class%d.java".formatted(index % 97, index);
    text.append("diff --git a/").append(path).append(" b/").append(path).append('\n');
    switch (index % 20) {
      case 5 -> {
        text.append("index 1a2b3c4d5e..5d6e7f8091 100644\n");
        text.append("Binary files a/").append(path).append(" and b/").append(path);
        text.append(" differ\n");
      }
      case 11 -> {
        text.append("similarity index 100%\n");
        text.append("rename from ").append(path).append("\nrename to ").append(path).append('\n');
      }
      case 17 -> {
        int lines = 1 + random.nextInt(100);
        text.append("new file mode 100644\nindex 0000000000..5d6e7f8091\n");
        text.append("--- /dev/null\n+++ b/").append(path).append('\n');
        text.append("@@ -0,0 +1,").append(lines).append(" @@\n");
        lines('+', lines);
      }
      default -> modified(path);
    }
  }

  private void modified(String path) {
    text.append("index 1a2b3c4d5e..5d6e7f8091 100644\n");
    text.append("--- a/").append(path).append("\n+++ b/").append(path).append('\n');
    int changes = 1 + (int) (random.nextDouble() * 2 * CHANGES_EACH);
    int at = 1;
    int shift = 0;
    while (changes > 0) {
      int size = Math.min(changes, 1 + random.nextInt(10));
      int deleted = random.nextInt(size + 1);
      int added = size - deleted;
      at += random.nextInt(50);
      text.append("@@ -").append(at).append(',').append(2 * CONTEXT + deleted);
      text.append(" +").append(at + shift).append(',').append(2 * CONTEXT + added);
      text.append(" @@ final class Class").append(size).append(" {\n");
      lines(' ', CONTEXT);
      lines('-', deleted);
      lines('+', added);
      lines(' ', CONTEXT);
      at += 2 * CONTEXT + deleted;
      shift += added - deleted;
      changes -= size;
    }
  }

  private void lines(char mark, int count) {
    for (int i = 0; i < count; i++) {
      text.append(mark).repeat(' ', 2 * random.nextInt(5));
      int words = random.nextInt(10);
      for (int word = 0; word < words; word++) {
        text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
      }
      text.append(random.nextInt(1_000)).append(";\n");
    }
  }
}
