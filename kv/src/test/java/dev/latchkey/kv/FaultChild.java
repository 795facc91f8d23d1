package dev.latchkey.kv;

import dev.latchkey.kv.Shim.Fault;
import dev.latchkey.kv.Shim.Kind;
import dev.latchkey.kv.Shim.Manner;
import dev.latchkey.kv.Shim.Reason;
import dev.latchkey.kv.TamperedConnection.Tampering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A JVM which does the same work again and again, each time with another call of the operating
/// system failing, and says what came of it.
final class FaultChild {

  /// However few calls there are of a kind, this many of them are made to fail.
  private static final int LEAST_FAULTS = 4;

  private static final List<Way> WAYS =
      List.of(
          new Way(Kind.WRITE, Manner.ONCE, Reason.EIO, 1),
          new Way(Kind.WRITE, Manner.FROM_THEN_ON, Reason.ENOSPC, 2),
          new Way(Kind.WRITE, Manner.HALF_THEN_FROM_THEN_ON, Reason.ENOSPC, 4),
          new Way(Kind.WRITE, Manner.HALF_ONCE, Reason.EIO, 4),
          new Way(Kind.SYNC, Manner.ONCE, Reason.EIO, 1),
          new Way(Kind.SYNC, Manner.FROM_THEN_ON, Reason.EIO, 1),
          new Way(Kind.SYNC_FOLDER, Manner.ONCE, Reason.EIO, 1),
          new Way(Kind.SYNC_FOLDER, Manner.FROM_THEN_ON, Reason.EIO, 1),
          new Way(Kind.TRUNCATE, Manner.ONCE, Reason.EIO, 1),
          new Way(Kind.READ, Manner.ONCE, Reason.EIO, 1),
          new Way(Kind.READ, Manner.FROM_THEN_ON, Reason.EIO, 2),
          new Way(Kind.OPEN_TO_READ, Manner.ONCE, Reason.EMFILE, 1),
          new Way(Kind.OPEN_TO_READ, Manner.FROM_THEN_ON, Reason.EMFILE, 2),
          new Way(Kind.OPEN_TO_WRITE, Manner.ONCE, Reason.EMFILE, 1),
          new Way(Kind.OPEN_TO_WRITE, Manner.FROM_THEN_ON, Reason.EACCES, 1),
          new Way(Kind.OPEN_TO_WRITE, Manner.FROM_THEN_ON, Reason.EROFS, 1),
          new Way(Kind.UNLINK, Manner.ONCE, Reason.EIO, 1),
          new Way(Kind.UNLINK, Manner.FROM_THEN_ON, Reason.EROFS, 1));

  private final Shim shim;
  private final Path folder;
  private final Tampering tampering;
  private int runs;

  /// A way to fail, at whichever call.
  ///
  /// @param stride how many calls there are for each that fails, where all are to fail
  private record Way(Kind kind, Manner manner, Reason reason, int stride) {
    Fault at(long nth) {
      return new Fault(kind, manner, reason, nth);
    }
  }

  private FaultChild(Shim shim, Path folder, Tampering tampering) {
    this.shim = shim;
    this.folder = folder;
    this.tampering = tampering;
  }

  /// Makes the runs.
  ///
  /// @param arguments the library, the folder to work in, what is changed in the writer, how many
  ///   calls there are for each that is made to fail, and the kinds of calls that are
  public static void main(String[] arguments) throws IOException {
    Quiet.begin();
    Shim shim = new Shim(Path.of(arguments[0]));
    Path folder = Path.of(arguments[1]);
    FaultChild child = new FaultChild(shim, folder, Tampering.valueOf(arguments[2]));
    List<String> kinds = List.of(arguments).subList(4, arguments.length);
    child.runAll(
        Integer.parseInt(arguments[3]),
        WAYS.stream().filter(way -> kinds.contains(way.kind().toString())).toList());
    System.out.println("done");
  }

  private void runAll(int callsForEachFault, List<Way> ways) throws IOException {
    FaultRun.Report without = run(Fault.NONE);
    without.calls().forEach((kind, calls) -> System.out.println("calls " + kind + " " + calls));
    Map<Kind, Integer> counted = new EnumMap<>(Kind.class);
    for (Way way : ways) {
      long calls = without.calls().getOrDefault(way.kind(), 0L);
      long stride = Math.clamp(calls / LEAST_FAULTS, 1, (long) way.stride() * callsForEachFault);
      for (long nth = 1; nth <= calls; nth += stride) {
        FaultRun.Report report = run(way.at(nth));
        if (report.struck()) {
          counted.merge(way.kind(), 1, Integer::sum);
        }
      }
    }
    counted.forEach((kind, faults) -> System.out.println("faults " + kind + " " + faults));
  }

  private FaultRun.Report run(Fault fault) throws IOException {
    Path own = Files.createDirectory(folder.resolve("run-" + runs++));
    shim.watch(own);
    FaultRun.Report report = new FaultRun(shim, own, fault, tampering).run();
    for (String violation : report.violations()) {
      System.out.println("violation " + violation + " with " + fault);
    }
    System.out.println("outcome " + fault.kind() + " " + report.outcome());
    Folders.empty(own);
    Files.delete(own);
    return report;
  }
}
