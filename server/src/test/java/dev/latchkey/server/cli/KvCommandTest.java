package dev.latchkey.server.cli;

import static dev.latchkey.server.cli.KvBench.assertFails;
import static dev.latchkey.server.cli.KvBench.assertPrints;
import static dev.latchkey.server.cli.KvBench.counters;
import static dev.latchkey.server.cli.KvBench.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Expiry;
import dev.latchkey.kv.StoreSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the commands print and change.
class KvCommandTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path folder;
  private KvBench kv = new KvBench(Path.of(""));

  @BeforeEach
  void fill() {
    kv = new KvBench(folder.resolve("app.db"));
    kv.with(database -> {
      texts(database, "sessions").put("ann", "blue");
      texts(database, "sessions").put("bob", "red", Expiry.after(HOUR));
      counters(database, "hits").add("home", 3);
    });
  }

  @Test
  void storesAreListedWithKindAndNumberOfLiveEntries() {
    kv.with(database -> texts(database, "empty"));
    kv.clock.advance(HOUR);

    CommandRun run = kv.run("stores");

    assertPrints(
        run,
        """
        empty     entries   0
        hits      counters  1
        sessions  entries   1
        """);
    assertPrints(
        kv.run("stores", "--json"),
        """
        [
        {"name":"empty","kind":"entries","entries":0},
        {"name":"hits","kind":"counters","entries":1},
        {"name":"sessions","kind":"entries","entries":1}
        ]
        """);
  }

  @Test
  void fileWithoutStoresListsNone() {
    KvBench fresh = new KvBench(folder.resolve("fresh.db"));
    fresh.with(database -> assertThat(database.storeNames()).isEmpty());

    assertPrints(fresh.run("stores"), "");
    assertPrints(fresh.run("stores", "--json"), "[]\n");
    assertPrints(fresh.run("check"), "ok\n");
  }

  @Test
  void getPrintsTheTextAndNothingElse() {
    assertPrints(kv.run("get", "sessions", "ann"), "blue");
    assertPrints(kv.run("get", "sessions", "ann", "--hex"), "626c7565\n");
    assertPrints(
        kv.run("get", "sessions", "bob", "--json"),
        """
        {"store":"sessions","key":"bob","value":"red","version":2,\
        "expiresAt":"2026-11-01T13:00:00Z"}
        """);
    assertPrints(
        kv.run("get", "sessions", "ann", "--json", "--hex"),
        """
        {"store":"sessions","key":"ann","hex":"626c7565","version":1,"expiresAt":null}
        """);
  }

  @Test
  void absentKeyIsExitCodeOneAndNothingOnStandardOutput() {
    kv.clock.advance(HOUR);

    assertFails(kv.run("get", "sessions", "eve"), 1, "there is no key \"eve\" in sessions");
    assertFails(kv.run("get", "sessions", "eve", "--json"), 1, "eve");
    assertFails(kv.run("get", "sessions", "bob"), 1, "bob");
    assertFails(kv.run("delete", "sessions", "bob"), 1, "bob");
    assertFails(kv.run("get", "hits", "away"), 1, "away");
    assertFails(kv.run("delete", "hits", "away", "--json"), 1, "away");
  }

  @Test
  void putStoresAnEntryThatDoesNotExpireUnlessToldTo() {
    assertPrints(kv.run("put", "sessions", "bob", "green"), "");
    assertPrints(
        kv.run("put", "sessions", "eve", "", "--expire", "90m", "--json"),
        """
        {"store":"sessions","key":"eve","version":20003,"expiresAt":"2026-11-01T13:30:00Z"}
        """);

    kv.clock.advance(HOUR);
    assertPrints(kv.run("get", "sessions", "bob"), "green");
    assertPrints(kv.run("get", "sessions", "eve"), "");
    kv.clock.advance(HOUR);
    assertFails(kv.run("get", "sessions", "eve"), 1);
  }

  @Test
  void putReadsStandardInputAsItIs() {
    assertPrints(kv.onInput("two\r\nlines ü\n", "put", "sessions", "ann", "-"), "");
    assertPrints(kv.onInput("C0 ff\nee\n", "put", "sessions", "raw", "-", "--hex"), "");

    assertPrints(kv.run("get", "sessions", "ann"), "two\r\nlines ü\n");
    assertPrints(kv.run("get", "sessions", "raw", "--hex"), "c0ffee\n");
  }

  @Test
  void createMakesFileAndStoreAndIsNeededForThat() {
    KvBench fresh = new KvBench(folder.resolve("a new file.db"));

    assertFails(fresh.run("put", "notes", "a", "1"), 3, "there is no file", "--create");
    assertThat(fresh.file).doesNotExist();
    assertPrints(fresh.run("put", "notes", "a", "1", "--create", "--large"), "");
    assertFails(fresh.run("put", "other", "a", "1"), 2, "no store \"other\"", "--create");

    assertPrints(fresh.run("stores"), "notes  entries   1\n");
    fresh.with(database ->
        assertThat(
                database.query(
                    "SELECT large_values FROM kv_stores WHERE name = ?",
                    row -> row.number(1),
                    "notes"))
            .containsExactly(1L));
  }

  @Test
  void deleteRemovesEntriesAndCounters() {
    assertPrints(kv.run("delete", "sessions", "ann"), "");
    assertPrints(
        kv.run("delete", "hits", "home", "--json"),
        """
        {"store":"hits","key":"home","deleted":true}
        """);

    kv.with(database -> {
      assertThat(texts(database, "sessions").contains("ann")).isFalse();
      assertThat(counters(database, "hits").get("home")).isZero();
    });
  }

  @Test
  void countersAreReadAsNumbersAndCanNotBePut() {
    kv.with(database -> {
      counters(database, "hits").add("house", -7);
      counters(database, "hits").add("zebra", 1);
    });

    assertPrints(kv.run("get", "hits", "home"), "3\n");
    assertPrints(
        kv.run("get", "hits", "home", "--json"),
        """
        {"store":"hits","key":"home","value":3,"version":null,"expiresAt":null}
        """);
    assertPrints(kv.run("scan", "hits"), "home\t3\nhouse\t-7\nzebra\t1\n");
    assertPrints(kv.run("scan", "hits", "--prefix", "ho", "--after", "home"), "house\t-7\n");
    assertPrints(kv.run("count", "hits", "--prefix", "ho"), "2\n");
    assertFails(kv.run("put", "hits", "home", "4"), 2, "hits has counters", "can't be put");
    assertPrints(kv.run("get", "hits", "home"), "3\n");
  }

  @Test
  void expiredCountersAreAbsent() {
    kv.with(database -> database.counters("hourly", Expiry.after(HOUR)).add("ann", 1));
    assertPrints(kv.run("count", "hourly"), "1\n");

    kv.clock.advance(HOUR);

    assertPrints(kv.run("count", "hourly"), "0\n");
    assertPrints(kv.run("scan", "hourly"), "");
    assertFails(kv.run("get", "hourly", "ann"), 1);
  }

  @Test
  void scanIsOrderedAndNarrowedByPrefixAfterAndLimit() {
    kv.run("put", "sessions", "anna", "x");
    kv.run("put", "sessions", "Zoe", "y");

    assertPrints(kv.run("scan", "sessions"), "Zoe\ty\nann\tblue\nanna\tx\nbob\tred\n");
    assertPrints(kv.run("scan", "sessions", "--keys"), "Zoe\nann\nanna\nbob\n");
    assertPrints(kv.run("scan", "sessions", "--prefix", "ann"), "ann\tblue\nanna\tx\n");
    assertPrints(kv.run("scan", "sessions", "--after", "ann", "--limit", "1"), "anna\tx\n");
    assertPrints(kv.run("scan", "sessions", "--hex", "--limit", "1"), "Zoe\t79\n");
    assertPrints(kv.run("scan", "sessions", "--prefix", "none"), "");
    assertPrints(kv.run("scan", "sessions", "--prefix", "none", "--json"), "[]\n");
    assertPrints(
        kv.run("scan", "sessions", "--prefix", "b", "--json"),
        """
        [
        {"key":"bob","value":"red","version":2,"expiresAt":"2026-11-01T13:00:00Z"}
        ]
        """);
    assertPrints(
        kv.run("scan", "sessions", "--prefix", "Z", "--json", "--keys"),
        """
        [
        {"key":"Zoe","version":20003,"expiresAt":null}
        ]
        """);
  }

  @Test
  void longScansReadPageAfterPage() {
    var entries = new TreeMap<String, String>();
    IntStream.range(0, 3 * Shelf.PAGE)
        .forEach(i -> entries.put("key %03d".formatted(i), "value " + i));
    kv.with(database -> {
      texts(database, "many").putAll(entries);
      entries.keySet().forEach(key -> counters(database, "tally").add(key, 1));
    });
    StringBuilder all = new StringBuilder();
    entries.forEach((key, value) -> all.append(key + "\t" + value + "\n"));

    assertPrints(kv.run("scan", "many"), all.toString());
    assertThat(kv.run("scan", "many", "--json").json()).hasSize(entries.size());
    assertThat(kv.run("scan", "tally", "--json").json()).hasSize(entries.size());
    String most = Integer.toString(2 * Shelf.PAGE + 1);
    assertThat(kv.run("scan", "many", "--limit", most).out().lines()).hasSize(2 * Shelf.PAGE + 1);
  }

  @Test
  void binaryValuesNeedHexInLinesAndHaveItInJson() {
    kv.with(database -> {
      var pictures = database.store(StoreSpec.of("pictures", Codec.bytes()));
      for (int i = 0; i < 2 * Shelf.PAGE; i++) {
        pictures.put("a%03d".formatted(i), new byte[] {'t'});
      }
      pictures.put("z", new byte[] {(byte) 0xC0, (byte) 0xFF});
    });

    assertFails(kv.run("get", "pictures", "z"), 2, "key \"z\" is not UTF-8 text", "--hex");
    assertFails(kv.run("scan", "pictures"), 2, "key \"z\" is not UTF-8 text", "--hex");
    assertPrints(kv.run("get", "pictures", "z", "--hex"), "c0ff\n");
    assertPrints(kv.run("scan", "pictures", "--prefix", "z", "--hex"), "z\tc0ff\n");
    assertPrints(kv.run("scan", "pictures", "--prefix", "z", "--keys"), "z\n");
    assertThat(kv.run("get", "pictures", "z", "--json").json().at("/hex").stringValue())
        .isEqualTo("c0ff");
    assertThat(kv.run("scan", "pictures", "--json").json().at("/64/hex").stringValue())
        .isEqualTo("c0ff");
  }

  @Test
  void whatCanNotBeSeenIsMadeVisibleButNotInAFile() {
    String sly = "a\tb\n\u001b[31mred\u009b\u202e";
    kv.with(database -> texts(database, "sessions").put("k\n\u001b[2J", sly));
    String shown = "\\u{1b}[31mred\\u{9b}\\u{202e}";

    assertPrints(kv.run("get", "sessions", "k\n\u001b[2J"), sly);
    assertPrints(kv.watched("get", "sessions", "k\n\u001b[2J"), "a\tb\n" + shown + "\n");
    assertPrints(
        kv.run("scan", "sessions", "--prefix", "k"),
        "k\\u{a}\\u{1b}[2J\ta\\u{9}b\\u{a}" + shown + "\n");
    CommandRun json = kv.run("get", "sessions", "k\n\u001b[2J", "--json");
    assertThat(json.out().strip()).isPrintable();
    assertThat(json.json().at("/value").stringValue()).isEqualTo(sly);
    assertFails(kv.run("get", "sessions", "\u001b[2J"), 1, "\"\\u{1b}[2J\"");
  }

  @Test
  void personSeesALineBreakBehindEveryText() {
    kv.run("put", "sessions", "full", "line\n");

    assertPrints(kv.watched("get", "sessions", "ann"), "blue\n");
    assertPrints(kv.watched("get", "sessions", "full"), "line\n");
  }

  @Test
  void countCountsWhatIsThere() {
    assertPrints(kv.run("count", "sessions"), "2\n");
    assertPrints(
        kv.run("count", "sessions", "--prefix", "a", "--json"),
        """
        {"store":"sessions","prefix":"a","count":1}
        """);
  }

  @Test
  void sweepRemovesWhatHasExpired() {
    kv.run("put", "sessions", "eve", "x", "--expire", "2h");
    kv.run("put", "sessions", "kim", "y", "--expire", "3h");
    assertPrints(kv.run("sweep"), "removed 0 expired entries\n");
    kv.clock.advance(HOUR.multipliedBy(3));

    assertPrints(kv.run("sweep", "--limit", "1"), "removed 1 expired entry\n");
    assertPrints(kv.run("sweep", "--json"), "{\"removed\":2}\n");
  }

  @Test
  void statsTellSizesAndNumbers() {
    kv.with(database -> database.counters("hourly", Expiry.after(HOUR)).add("ann", 1));
    kv.clock.advance(HOUR);

    CommandRun json = kv.run("stats", "--json");

    assertThat(json.json().at("/sizeBytes").longValue()).isGreaterThan(4096);
    assertThat(json.out())
        .endsWith(
            """
            "stores":3,"entries":1,"counters":1,"expired":2}
            """);
    assertThat(kv.run("stats").out())
        .matches("size      [0-9,]+ bytes\nfree      0 bytes\n(?s:.*)")
        .endsWith(
            """
            stores    3
            entries   1
            counters  1
            expired   2
            """);
  }
}
