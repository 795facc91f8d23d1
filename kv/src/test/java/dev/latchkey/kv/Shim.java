package dev.latchkey.kv;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What stands between a JVM and one folder of its disk: `src/test/c/shim.c`, made with gcc and
/// loaded before everything else. An instance steers it, from inside of that JVM.
final class Shim {

  /// The calls it tells apart, with its numbers. Those on the folder itself count as they do for a
  /// file, except that to sync a folder is another matter.
  enum Kind {
    OPEN_TO_READ(0),
    OPEN_TO_WRITE(1),
    READ(2),
    WRITE(3),
    SYNC(4),
    SYNC_FOLDER(5),
    TRUNCATE(6),
    UNLINK(7);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /// Whether a failure says that the files' content is in doubt.
    boolean changesContent() {
      return this == WRITE || this == SYNC || this == TRUNCATE;
    }
  }

  /// How a call fails, with the shim's numbers. To do half is for writes: the call writes half of
  /// the bytes and says so.
  enum Manner {
    ONCE(0),
    FROM_THEN_ON(1),
    HALF_ONCE(2),
    HALF_THEN_FROM_THEN_ON(3);

    private final int number;

    Manner(int number) {
      this.number = number;
    }
  }

  /// With Linux's numbers.
  enum Reason {
    EIO(5),
    EACCES(13),
    EMFILE(24),
    ENOSPC(28),
    EROFS(30);

    private final int number;

    Reason(int number) {
      this.number = number;
    }
  }

  /// Lets the nth call of a kind fail.
  record Fault(Kind kind, Manner manner, Reason reason, long nth) {
    static final Fault NONE = new Fault(Kind.OPEN_TO_READ, Manner.ONCE, Reason.EIO, 0);

    /// Whether a call is told a failure, rather than that it wrote less than it was asked to.
    boolean isError() {
      return manner != Manner.HALF_ONCE;
    }
  }

  private final MethodHandle watch;
  private final MethodHandle trace;
  private final MethodHandle mark;
  private final MethodHandle fail;
  private final MethodHandle struck;
  private final MethodHandle calls;
  private final MethodHandle callsAfterFault;

  /// @param library the one which this JVM was started with
  Shim(Path library) {
    SymbolLookup symbols = symbolsOf(library);
    this.watch = handle(symbols, "shim_watch", null, ValueLayout.ADDRESS);
    this.trace = handle(symbols, "shim_trace", null, ValueLayout.ADDRESS);
    this.mark = handle(symbols, "shim_mark", null, ValueLayout.ADDRESS);
    MemoryLayout number = ValueLayout.JAVA_INT;
    MemoryLayout count = ValueLayout.JAVA_LONG;
    this.fail = handle(symbols, "shim_fail", null, number, number, number, count);
    this.struck = handle(symbols, "shim_struck", ValueLayout.JAVA_BOOLEAN);
    this.calls = handle(symbols, "shim_calls", count, number);
    this.callsAfterFault = handle(symbols, "shim_calls_after_fault", count, number);
  }

  /// Makes the library, and returns where it is.
  static Path compile(Path folder) throws IOException, InterruptedException {
    Path library = folder.resolve("shim.so");
    Path source = Path.of("src", "test", "c", "shim.c").toAbsolutePath();
    String options =
        "-std=gnu11 -O2 -Wall -Wextra -Werror -U_FORTIFY_SOURCE -fPIC -shared -pthread";
    List<String> command = new ArrayList<>(List.of("gcc"));
    command.addAll(List.of(options.split(" ", -1)));
    command.addAll(List.of("-o", library.toString(), source.toString()));
    Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (gcc.waitFor() != 0) {
      throw new IllegalStateException("gcc failed: " + said);
    }
    return library;
  }

  /// Starts a JVM behind the library. Its first argument is the library.
  static Child start(Path library, Class<?> main, String... arguments) throws IOException {
    String[] all = new String[arguments.length + 1];
    all[0] = library.toString();
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Child.start(List.of("/usr/bin/env", "LD_PRELOAD=" + library), main, all);
  }

  /// Watches the folder from now on. Nobody may be using it.
  void watch(Path folder) {
    callWith(watch, folder.toString());
  }

  /// Keeps a trace of what is changed from now on, in a file outside of the folder.
  void trace(Path file) {
    callWith(trace, file.toString());
  }

  /// Writes a line into the trace.
  void mark(String text) {
    callWith(mark, text);
  }

  /// Plans a fault in place of the last one, and begins to count anew.
  void plan(Fault fault) {
    call(fail, fault.kind().number, fault.manner().number, fault.reason().number, fault.nth());
  }

  /// Returns whether the planned fault has taken place.
  boolean hasStruck() {
    return (boolean) call(struck);
  }

  long calls(Kind kind) {
    return (long) call(calls, kind.number);
  }

  /// Returns how many calls came after the first that was made to fail, whether they failed too or
  /// not.
  long callsAfterFault(Kind kind) {
    return (long) call(callsAfterFault, kind.number);
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup symbolsOf(Path library) {
    return SymbolLookup.libraryLookup(library, Arena.global());
  }

  @SuppressWarnings("restricted")
  private static MethodHandle handle(
      SymbolLookup symbols, String name, @Nullable MemoryLayout result, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(
            symbols.find(name).orElseThrow(),
            result == null
                ? FunctionDescriptor.ofVoid(arguments)
                : FunctionDescriptor.of(result, arguments));
  }

  private static void callWith(MethodHandle function, String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocateFrom(text);
      call(function, segment);
    }
  }

  private static Object call(MethodHandle function, Object... arguments) {
    try {
      Object result = function.invokeWithArguments(arguments);
      return result == null ? "nothing" : result;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
