package dev.latchkey.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Makes up a history in which every oddity a diff can have comes again and again, as a stream for
/// `git fast-import`. The same seed gives the same history.
public final class OddHistory {
  private static final String FILE = "100644";

  private static final List<String> NAMES =
      List.of(
          "plain.txt",
          "with space.txt",
          " leading and trailing ",
          "tab\there",
          "quo\"te",
          "back\\slash",
          "new\nline",
          "cr\rname",
          bytes("ümlaut.txt"),
          bytes("日本/漢字.txt"),
          "invalid-\u00ff\u00c3.txt",
          "--- a/x",
          "+++ b/x",
          "@@ -1 +1 @@",
          "x b/x",
          "b/x a/x b/x",
          "a b/a b",
          "dev/null",
          "-dash",
          "é b/é");

  private static final List<String> LINES =
      List.of(
          "",
          " ",
          "\t",
          "-",
          "+",
          "--",
          "++",
          "--- a/x",
          "+++ b/x",
          "-- a/x",
          "++ b/x",
          "@@ -1 +1 @@",
          "@@ -1,2 +3,4 @@ x",
          "@@@ -1 -1 +1 @@@",
          "diff --git a/x b/x",
          "diff --cc x",
          "\\ No newline at end of file",
          "Binary files a and b differ",
          "GIT binary patch",
          "index 1234567..89abcde 100644",
          "rename from x",
          "-- ",
          "a\r",
          "\r",
          "lone\rcarriage",
          "form\ffeed",
          "vertical\u000btab",
          bytes("two\u2028lines"),
          bytes("next\u0085line"),
          bytes("right\u202eto left"),
          bytes("zero\u200bwidth"),
          "\u00ff\u00fe\u0080",
          "\u00c3",
          "\u00ed\u00a0\u0080",
          bytes("grüße 漢字 🙂"),
          "x".repeat(600),
          "return value;",
          "}",
          "{",
          "  indented();",
          "\tindented();");

  /// A file; its content is a character for each byte.
  private record Entry(String mode, String content) {}

  private final Random random;
  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
  private final Map<String, Entry> tree = new TreeMap<>();

  private OddHistory(long seed) {
    this.random = new Random(seed);
  }

  /// The stream of a history of `commits` commits on the branch `main`.
  public static byte[] of(long seed, int commits) {
    OddHistory history = new OddHistory(seed);
    for (int i = 1; i <= commits; i++) {
      history.commit(i);
    }
    return history.stream.toByteArray();
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private void commit(int number) {
    write("commit refs/heads/main\n");
    write("committer A <a@example.org> " + (1_700_000_000 + number) + " +0000\n");
    write("data 0\n");
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      change();
    }
    write("\n");
  }

  private void change() {
    String name = pick(NAMES);
    Entry entry = tree.get(name);
    if (entry == null) {
      add(name);
      return;
    }
    switch (random.nextInt(12)) {
      case 0 -> remove(name);
      case 1 -> move(name, entry, true);
      case 2 -> move(name, entry, false);
      case 3 -> put(name, new Entry(entry.mode().equals(FILE) ? "100755" : FILE, plain(entry)));
      case 4 -> put(name, new Entry(FILE, ""));
      case 5 -> put(name, new Entry("120000", "target/of the link"));
      case 6 -> put(name, new Entry("160000", ""));
      case 7 -> put(name, new Entry(FILE, "\0\1" + (char) random.nextInt(256) + "\n"));
      default -> put(name, new Entry(FILE, edited(plain(entry))));
    }
  }

  private void add(String name) {
    boolean blocked =
        tree.keySet().stream()
            .anyMatch(it -> it.startsWith(name + "/") || name.startsWith(it + "/"));
    if (!blocked) {
      put(name, new Entry(FILE, content(random.nextInt(40))));
    }
  }

  private void move(String name, Entry entry, boolean keep) {
    String to = pick(NAMES);
    boolean file = entry.mode().equals(FILE);
    if (!tree.containsKey(to) && file) {
      if (!keep) {
        remove(name);
      }
      String content = random.nextBoolean() ? edited(entry.content()) : entry.content();
      put(to, new Entry(FILE, content));
    }
  }

  private static String plain(Entry entry) {
    return entry.mode().startsWith("100") ? entry.content() : "";
  }

  private String content(int lines) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append(pick(LINES)).append('\n');
    }
    boolean cut = lines > 0 && random.nextInt(3) == 0;
    return text.substring(0, text.length() - (cut ? 1 : 0));
  }

  /// Some lines taken out, put in or changed, the last line feed taken away or given.
  private String edited(String text) {
    boolean ended = text.endsWith("\n");
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    if (ended) {
      lines.removeLast();
    }
    int edits = 1 + random.nextInt(5);
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(lines.size() + 1);
      if (at < lines.size() && random.nextBoolean()) {
        lines.remove(at);
      } else {
        lines.add(at, pick(LINES));
      }
    }
    boolean end = random.nextInt(4) == 0 ? !ended : ended;
    return String.join("\n", lines) + (end ? "\n" : "");
  }

  private void put(String name, Entry entry) {
    tree.put(name, entry);
    if (entry.mode().equals("160000")) {
      String commit = "%040x".formatted(random.nextInt(1_000_000) + 1);
      write("M 160000 " + commit + " " + quoted(name) + "\n");
      return;
    }
    write("M " + entry.mode() + " inline " + quoted(name) + "\n");
    write("data " + entry.content().length() + "\n");
    write(entry.content());
    write("\n");
  }

  private void remove(String name) {
    tree.remove(name);
    write("D " + quoted(name) + "\n");
  }

  private static String quoted(String name) {
    StringBuilder quoted = new StringBuilder("\"");
    name.chars().forEach(c -> quoted.append("\\%03o".formatted(c)));
    return quoted.append('"').toString();
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private void write(String text) {
    stream.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
