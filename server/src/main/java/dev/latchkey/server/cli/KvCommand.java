package dev.latchkey.server.cli;

import dev.latchkey.kv.KeyRange;
import dev.latchkey.kv.KvException;
import dev.latchkey.review.Visible;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/// A store file by hand. Each subcommand opens the file, does one thing, and closes it. Nothing is
/// written to standard output if it fails, but for a failure of the file or the output in the
/// middle of a scan.
@Command(
    name = "kv",
    scope = ScopeType.INHERIT,
    customSynopsis = "latchkey kv FILE COMMAND [ARGUMENTS] [OPTIONS]",
    description = "Reads and changes a store file by hand, while no other process has it open.",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:no such key, or check found damage",
      "2:wrong usage, no such store, or a key or value that isn't allowed",
      "3:the file can't be used (missing, in use by the process named, damaged, another"
          + " program's, a newer release's), or something can't be written",
      "70:a mistake of latchkey itself"
    },
    exitCodeOnExecutionException = 70,
    footerHeading = "%n",
    footer = {
      "Keys and values are text; values may be given and printed as hexadecimal digits, too. A key"
          + " or value that begins with - goes after --, as in: latchkey kv app.db get s -- -key",
      "What can't be seen in a text is printed as \\u{...}, but not where get prints to a file or"
          + " to another program. JSON has it in its own way, and later releases may add fields.",
      "`latchkey kv COMMAND --help` tells more."
    })
public final class KvCommand {
  private static final String NAME = "latchkey kv";

  /// Not required, so that a command's help can be had without one.
  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      hideParamSyntax = true,
      converter = Words.ToFile.class,
      description = "The database's file.")
  private @Nullable Path file;

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON.")
  private boolean json;

  // Read by picocli.
  @SuppressWarnings("UnusedVariable")
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help message and exit.")
  private boolean help;

  private final Terminal terminal;
  private final InstantSource clock;

  public KvCommand() {
    this(Terminal.system(), InstantSource.system());
  }

  KvCommand(Terminal terminal, InstantSource clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  @Command(
      customSynopsis = "latchkey kv FILE stores [OPTIONS]",
      description = "Lists the stores and counters, and how many entries each has.",
      footer = "JSON: [{name, kind, entries}], where kind is entries or counters.")
  int stores() {
    return onFile(kv -> output().stores(kv.stores()));
  }

  @Command(
      customSynopsis = "latchkey kv FILE get STORE KEY [OPTIONS]",
      description = {
        "Prints a value, or where a counter stands.",
        "A text is printed exactly as it is, with no line break added, unless the output is a"
            + " terminal."
      },
      footer = {
        "JSON: {store, key, value, version, expiresAt}, where expiresAt is null or a time such as"
            + " 2026-11-01T12:00:00Z. What is no text, or is wanted so, has hex in place of value."
            + " A counter's value is a number, and its version null."
      })
  int get(
      @Mixin KvWords.Address of,
      @Option(names = "--hex", description = "Print the value as hexadecimal digits.")
          boolean hex) {
    return answered(() -> {
      try (KvFile kv = open(false)) {
        Optional<KvItem> found = kv.shelf(of.store, hex).find(KvFile.requireKey(of.key));
        found.ifPresent(item -> output().item(of.store, item, hex));
        return found.isPresent() ? 0 : noKey(of);
      }
    });
  }

  private int noKey(KvWords.Address of) {
    complain("there is no key " + Words.quoted(of.key) + " in " + of.store);
    return 1;
  }

  @Command(
      customSynopsis = "latchkey kv FILE put STORE KEY VALUE [OPTIONS]",
      description = {
        "Stores a value, whether the key has one or not.",
        "It doesn't expire unless --expire is given, whatever the former one did. Counters can't be"
            + " put.",
        "Other users of the machine may see a VALUE given here; - reads it from standard input, all"
            + " of it as it is."
      },
      footer = "JSON: {store, key, version, expiresAt}.")
  int put(
      @Mixin KvWords.Address to,
      @Parameters(
              index = "2",
              paramLabel = "VALUE",
              description = "The value: up to 1 MiB; - for standard input.")
          String value,
      @Mixin KvWords.Put options) {
    return answered(() -> {
      if (options.large && !options.create) {
        throw new UsageException("--large is for a store that --create makes");
      }
      byte[] bytes = KvInput.value(value, options.hex, terminal.in());
      String key = KvFile.requireKey(KvInput.readable("the key", to.key));
      KvFile.Place place = new KvFile.Place(options.spec(to.store), key, options.expiry());
      try (KvFile kv = open(options.create)) {
        output().put(to.store, kv.put(place, bytes, options.create));
        return 0;
      }
    });
  }

  @Command(
      customSynopsis = "latchkey kv FILE delete STORE KEY [OPTIONS]",
      description = "Removes an entry, or sets a counter back to 0.",
      footer = "JSON: {store, key, deleted}, where deleted is true.")
  int delete(@Mixin KvWords.Address of) {
    return answered(() -> {
      try (KvFile kv = open(false)) {
        if (!kv.shelf(of.store, false).remove(KvFile.requireKey(of.key))) {
          return noKey(of);
        }
        output().deleted(of.store, of.key);
        return 0;
      }
    });
  }

  @Command(
      customSynopsis = "latchkey kv FILE scan STORE [OPTIONS]",
      description = {
        "Prints keys and values, a line each, in the order of the keys' bytes.",
        "Between key and value is a tab. With --json, binary values are no error."
      },
      footer = {
        "JSON: [{key, value, version, expiresAt}], a line each, as get has them. With --keys there"
            + " is no value."
      })
  int scan(@Mixin KvWords.StoreName store, @Mixin KvWords.Scan options) {
    return onFile(kv -> {
      KeyRange range = new KeyRange(options.prefix, options.after);
      output()
          .scan(
              kv.shelf(store.name, options.hex),
              new KvOutput.Scan(range, options.limit, options.keysOnly, options.hex));
    });
  }

  @Command(
      customSynopsis = "latchkey kv FILE count STORE [OPTIONS]",
      description = "Counts the entries or counters; expired ones don't count.",
      footer = "JSON: {store, prefix, count}.")
  int count(
      @Mixin KvWords.StoreName store,
      @Option(
              names = "--prefix",
              paramLabel = "P",
              defaultValue = "",
              description = "Only keys that begin with this.")
          String prefix) {
    return onFile(kv -> {
      long count = kv.shelf(store.name, false).count(new KeyRange(prefix, ""));
      output().count(store.name, prefix, count);
    });
  }

  @Command(
      customSynopsis = "latchkey kv FILE sweep [OPTIONS]",
      description = "Removes expired entries and counters, those first which expired first.",
      footer = "JSON: {removed}.")
  int sweep(
      @Option(
              names = "--limit",
              paramLabel = "N",
              converter = Words.ToNumber.class,
              description = "At most this many.")
          @Nullable Long limit) {
    return onFile(kv -> {
      output().swept(kv.sweep(limit == null ? Long.MAX_VALUE : limit));
    });
  }

  @Command(
      customSynopsis = "latchkey kv FILE stats [OPTIONS]",
      description = {
        "Prints sizes and numbers.",
        "size is that of the file with its log, and free what of it later writes will use first;"
            + " expired is how many entries and counters, not counted as such, a sweep would"
            + " remove."
      },
      footer = {"JSON: {sizeBytes, freeBytes, stores, entries, counters, expired}."})
  int stats() {
    return onFile(kv -> output().figures(kv.figures()));
  }

  @Command(
      customSynopsis = "latchkey kv FILE backup TARGET [OPTIONS]",
      description = "Writes a copy to a new file.",
      footer = "JSON: {file, sizeBytes}.")
  int backup(
      @Parameters(
              paramLabel = "TARGET",
              converter = Words.ToFile.class,
              description = "The copy; there must be no such file yet.")
          Path target) {
    return onFile(kv -> output().copied(target, kv.backupTo(target)));
  }

  @Command(
      customSynopsis = "latchkey kv FILE check [OPTIONS]",
      description = "Reads the whole file, and prints ok or what is damaged, a line each.",
      footer = "JSON: {ok, problems}, where problems is [text].")
  int check() {
    return answered(() -> {
      try (KvFile kv = open(false)) {
        List<String> problems = kv.check();
        output().checked(problems);
        return problems.isEmpty() ? 0 : 1;
      }
    });
  }

  private KvOutput output() {
    return new KvOutput(terminal, json);
  }

  private KvFile open(boolean create) {
    if (file == null) {
      throw new UsageException("say which file: latchkey kv FILE COMMAND; see latchkey kv --help");
    }
    return KvFile.open(file, create, clock);
  }

  /// What a command does with the open file.
  private interface Work {
    void on(KvFile kv);
  }

  private int onFile(Work work) {
    return answered(() -> {
      try (KvFile kv = open(false)) {
        work.on(kv);
        return 0;
      }
    });
  }

  /// A command, which returns its exit code.
  private interface Answer {
    int exitCode();
  }

  private int answered(Answer answer) {
    try (QuietLog _ = QuietLog.begin()) {
      return answer.exitCode();
    } catch (UsageException | IllegalArgumentException e) {
      complain(String.valueOf(e.getMessage()));
      return 2;
    } catch (KvException.Stopped e) {
      complain(file + " failed: " + reasonOf(e));
      return 3;
    } catch (UnusableException | KvException e) {
      complain(String.valueOf(e.getMessage()));
      return 3;
    }
  }

  /// The library's own message is for those who go on.
  private static String reasonOf(Throwable stopped) {
    Throwable reason = stopped;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    return String.valueOf(reason.getMessage());
  }

  private void complain(String message) {
    terminal.complain(NAME, Visible.path(message));
  }
}
