package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is left when the process is killed, and what the next one makes of it.
@Timeout(120)
final class CrashTest {

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(CrashChild.Point.class)
  void killedAnywhereTheWorkIsDoneOnceAndPaidOnceMoreAtMost(CrashChild.Point point)
      throws Exception {
    Process child = CrashChild.park(directory, point);
    child.destroyForcibly().waitFor();

    WorkView recovered;
    WorkView done;
    Receipt again;
    try (Database database = Database.open(CrashChild.database(directory));
        Inbox inbox = Inbox.open(database, CrashChild.options())) {
      recovered = inbox.works(1).getFirst();
      inbox.handler("build", task -> CrashChild.build(task, directory, () -> {}));
      inbox.runDue();
      again = inbox.accept(Rig.delivery("one", "build", "lane"));
      inbox.runDue();
      done = inbox.works(2).getFirst();
      requireOneSettledCharge(database);
    }

    assertThat(recovered.state())
        .isEqualTo(point == CrashChild.Point.ENDED ? WorkState.DONE : WorkState.READY);
    assertThat(again).isEqualTo(Receipt.DUPLICATE);
    assertThat(done.id()).isEqualTo(1);
    assertThat(done.state()).isEqualTo(WorkState.DONE);
    assertThat(done.outcome()).isEqualTo("plain answered paid answered");
    assertThat(done.attempt()).isEqualTo(1);
    List<String> calls = Files.readAllLines(CrashChild.calls(directory));
    assertThat(calls).containsOnlyOnce("plain");
    assertThat(Collections.frequency(calls, "paid"))
        .isEqualTo(point == CrashChild.Point.PAID_CALL ? 2 : 1);
  }

  private static void requireOneSettledCharge(Database database) {
    List<String> charges =
        database.query(
            "SELECT bucket || ' ' || ref || ' ' || state FROM latchkey_charge",
            row -> String.valueOf(row.text(1)));
    assertThat(charges).containsExactly("bucket 1 SETTLED");
  }
}
