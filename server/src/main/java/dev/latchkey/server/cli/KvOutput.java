package dev.latchkey.server.cli;

import dev.latchkey.kv.Entry;
import dev.latchkey.kv.KeyRange;
import dev.latchkey.review.Visible;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/// What the commands of `latchkey kv` print: lines for people, or JSON.
///
/// In lines, what can't be seen is escaped, so that no key or value can forge a line or play with a
/// terminal.
final class KvOutput {
  private static final Collector<CharSequence, ?, String> ARRAY =
      Collectors.joining(",\n", "[\n", "\n]\n");

  private final Terminal terminal;
  private final boolean json;

  KvOutput(Terminal terminal, boolean json) {
    this.terminal = terminal;
    this.json = json;
  }

  void stores(List<KvFile.Content> stores) {
    if (json) {
      print(stores.isEmpty() ? "[]\n" : stores.stream().map(KvJson::store).collect(ARRAY));
      return;
    }
    int width = stores.stream().mapToInt(store -> store.name().length()).max().orElse(0);
    StringBuilder lines = new StringBuilder();
    for (KvFile.Content store : stores) {
      lines.append(store.name()).repeat(' ', width - store.name().length());
      lines
          .append("  ")
          .append(store.kind())
          .repeat(' ', "counters".length() - store.kind().length());
      lines.append("  ").append(store.entries()).append('\n');
    }
    print(lines.toString());
  }

  /// Prints a value by itself. A text is printed as it is, with nothing behind it, unless a person
  /// looks at it.
  void item(String store, KvItem item, boolean hex) {
    if (json) {
      print(KvJson.item(store, item) + "\n");
      return;
    }
    requirePrintable(item, hex);
    print(
        switch (item.value()) {
          case KvValue.Hex(String digits) -> digits + "\n";
          case KvValue.Count(long number) -> number + "\n";
          case KvValue.Text(String text) -> terminal.watched() ? watched(text) : text;
        });
  }

  /// Its line breaks and tabs stay.
  private static String watched(String text) {
    StringBuilder shown = new StringBuilder();
    for (String part : text.splitWithDelimiters("[\n\t]", -1)) {
      shown.append(part.equals("\n") || part.equals("\t") ? part : Visible.path(part));
    }
    return shown + (text.endsWith("\n") ? "" : "\n");
  }

  /// @param hex whether digits are what was asked for
  private static void requirePrintable(KvItem item, boolean hex) {
    if (item.value() instanceof KvValue.Hex && !hex) {
      throw new UsageException(
          "the value of key " + Words.quoted(item.key()) + " is not UTF-8 text: use --hex");
    }
  }

  /// What of a store is printed, and how.
  record Scan(KeyRange range, long limit, boolean keysOnly, boolean hex) {}

  /// Prints items, a page at a time. They are read twice, so that nothing is printed if some of it
  /// can't be.
  void scan(Shelf shelf, Scan scan) {
    for (List<KvItem> page : shelf.pages(scan.range(), scan.limit())) {
      if (!json && !scan.keysOnly()) {
        page.forEach(item -> requirePrintable(item, scan.hex()));
      }
    }
    boolean first = true;
    for (List<KvItem> page : shelf.pages(scan.range(), scan.limit())) {
      StringBuilder text = new StringBuilder();
      for (KvItem item : page) {
        text.append(json ? first ? "[\n" : ",\n" : "");
        text.append(json ? object(item, scan.keysOnly()) : line(item, scan.keysOnly()));
        first = false;
      }
      print(text.toString());
    }
    if (json) {
      print(first ? "[]\n" : "\n]\n");
    }
  }

  private static String object(KvItem item, boolean keyOnly) {
    return keyOnly ? KvJson.key(item) : KvJson.item(item);
  }

  private static String line(KvItem item, boolean keyOnly) {
    String key = Visible.path(item.key());
    if (keyOnly) {
      return key + "\n";
    }
    String value =
        switch (item.value()) {
          case KvValue.Text(String text) -> Visible.path(text);
          case KvValue.Hex(String digits) -> digits;
          case KvValue.Count(long number) -> Long.toString(number);
        };
    return key + "\t" + value + "\n";
  }

  void put(String store, Entry<byte[]> entry) {
    print(json ? KvJson.put(store, entry) + "\n" : "");
  }

  void deleted(String store, String key) {
    print(json ? KvJson.deleted(store, key) + "\n" : "");
  }

  void count(String store, String prefix, long count) {
    print((json ? KvJson.count(store, prefix, count) : Long.toString(count)) + "\n");
  }

  void swept(int removed) {
    String line = "removed " + removed + (removed == 1 ? " expired entry" : " expired entries");
    print((json ? KvJson.swept(removed) : line) + "\n");
  }

  void figures(KvFile.Figures figures) {
    print(
        json
            ? KvJson.figures(figures) + "\n"
            : String.format(
                Locale.ROOT,
                """
                size      %,d bytes
                free      %,d bytes
                stores    %,d
                entries   %,d
                counters  %,d
                expired   %,d
                """,
                figures.sizeBytes(),
                figures.freeBytes(),
                figures.stores(),
                figures.entries(),
                figures.counters(),
                figures.expired()));
  }

  void copied(Path target, long sizeBytes) {
    String name = Visible.path(target.toString());
    String line = String.format(Locale.ROOT, "copied %,d bytes to %s", sizeBytes, name);
    print((json ? KvJson.copied(target, sizeBytes) : line) + "\n");
  }

  void checked(List<String> problems) {
    if (json) {
      print(KvJson.checked(problems) + "\n");
    } else if (problems.isEmpty()) {
      print("ok\n");
    } else {
      StringBuilder lines = new StringBuilder();
      problems.forEach(problem -> lines.append(Visible.path(problem)).append('\n'));
      print(lines.toString());
    }
  }

  private void print(String text) {
    terminal.print(text);
    if (terminal.out().checkError()) {
      throw new UnusableException("standard output can't be written, so it is incomplete", null);
    }
  }
}
