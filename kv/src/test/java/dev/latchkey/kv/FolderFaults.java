package dev.latchkey.kv;

import dev.latchkey.kv.Shim.Fault;
import dev.latchkey.kv.Shim.Kind;
import dev.latchkey.kv.Shim.Manner;
import dev.latchkey.kv.Shim.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/// What becomes of whole files in a JVM behind the shim. It says what the caller was told in lines
/// that begin with `told`, and what must not be in lines that begin with `violation`.
final class FolderFaults {

  private FolderFaults() {}

  /// Files can be opened for reading only, as on a file system which was mounted so.
  static final class ReadOnlyFolder {

    /// Tries to open a database that is there, and one that isn't.
    ///
    /// @param arguments the library and the folder
    public static void main(String[] arguments) throws IOException {
      Quiet.begin();
      Shim shim = new Shim(Path.of(arguments[0]));
      Path folder = Path.of(arguments[1]);
      shim.watch(folder);
      Script script = new Script("c", 12);
      try (Database database = Database.open(folder.resolve("old.db"))) {
        Shelves shelves = Shelves.in(database);
        for (int n = 1; n <= script.steps(); n++) {
          script.make(n, shelves);
        }
      }
      shim.plan(new Fault(Kind.OPEN_TO_WRITE, Manner.FROM_THEN_ON, Reason.EROFS, 1));
      for (String name : List.of("old.db", "new.db")) {
        try {
          Database.open(folder.resolve(name)).close();
          System.out.println("violation " + name + " was opened");
        } catch (KvException e) {
          System.out.println("told " + e.getClass().getSimpleName() + " of " + name);
        }
      }
      for (Kind kind : List.of(Kind.WRITE, Kind.SYNC, Kind.TRUNCATE, Kind.UNLINK)) {
        if (shim.calls(kind) > 0) {
          System.out.println("violation " + shim.calls(kind) + " calls to " + kind);
        }
      }
      shim.plan(Fault.NONE);
      try (Database database = Database.open(folder.resolve("old.db"))) {
        SortedMap<String, String> found =
            Shelves.read(database).getOrDefault(script.caller(), Collections.emptySortedMap());
        if (script.stepOf(found, script.steps(), script.steps()) < 0) {
          System.out.println("violation the old database is not what it was");
        }
      }
      Folders.empty(folder);
      System.out.println("done");
    }
  }

  /// A copy is made while a call of the operating system fails.
  static final class FailingBackup {

    private static final List<Kind> KINDS =
        List.of(Kind.OPEN_TO_READ, Kind.OPEN_TO_WRITE, Kind.WRITE, Kind.SYNC, Kind.SYNC_FOLDER);

    /// Tries with each call in turn.
    ///
    /// @param arguments the library and the folder
    public static void main(String[] arguments) throws IOException {
      Quiet.begin();
      Shim shim = new Shim(Path.of(arguments[0]));
      Path folder = Path.of(arguments[1]);
      shim.watch(folder);
      try (Database database = Database.open(folder.resolve("data.db"))) {
        Script script = new Script("c", 8);
        Shelves shelves = Shelves.in(database);
        for (int n = 1; n <= script.steps(); n++) {
          script.make(n, shelves);
        }
        for (Kind kind : KINDS) {
          boolean struck = true;
          for (long nth = 1; struck; nth++) {
            shim.plan(new Fault(kind, Manner.ONCE, Reason.EIO, nth));
            boolean made = backUp(database, folder);
            struck = shim.hasStruck();
            shim.plan(Fault.NONE);
            System.out.println("told " + (made ? "nothing" : "IOException") + " of " + kind);
            if (!made && !struck) {
              System.out.println("violation a copy failed by itself");
            }
            check(folder, made);
            shelves.left().put("d", kind + " " + nth);
          }
        }
      }
      Folders.empty(folder);
      System.out.println("done");
    }

    private static boolean backUp(Database database, Path folder) {
      try {
        database.backupTo(folder.resolve("copy.db"));
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    private static void check(Path folder, boolean made) throws IOException {
      if (made) {
        try (Database copy = Database.open(folder.resolve("copy.db"))) {
          Shelves.defects(copy).forEach(defect -> System.out.println("violation " + defect));
        }
        Files.delete(folder.resolve("copy.db"));
        Files.delete(folder.resolve("copy.db.lock"));
      }
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          if (!String.valueOf(file.getFileName()).startsWith("data.db")) {
            System.out.println("violation " + file.getFileName() + " was left behind");
            Files.delete(file);
          }
        }
      }
    }
  }
}
