package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every event in every state of a work: what the table of states allows happens exactly so, and
/// everything else is refused and changes nothing.
///
/// A cell of the table says what becomes of the work: `.` it stays as it is; `!` it is refused with
/// [InboxException.NotAllowed], and no row of any table changes; `~` no row changes, because
/// whoever writes is over. Otherwise it is the state, R(eady), H(eld), X running, D(one), F (dead),
/// C(ancelled) or W(aiting) with L(imit), R(etry) or D(elay); then what rises by one: `a` the
/// attempt, `c` the crashes, `e` the epoch. `*` stands for one more work than before, `f` for the
/// flag of a run that is to be cancelled, `r` for a DEAD work that is resolved.
final class StateMachineTest {

  private static final String TABLE =
      """
      event       READY BEHIND LIMIT RETRY QUIET DELAY HELD RUNNING FLAGGED DONE DEAD RESOLVED GONE
      ACCEPT_NEW    .     .     .     .     .     .     .     .*      .*     .*   .*    .*      .*
      ACCEPT_KNOWN  .     .     .     .     .     .     .     .       .      .    .     .       .
      CANCEL_KEY    C     C     C     C     C     C     C     .f      .      .    .     .       .
      CANCEL_LANE   C     C     C     C     C     C     C     .f      .      .    .     .       .
      TIME          .     .     .     R     R     R     .     .       .      .    .     .       .
      CLAIM         Xe    .     .     .     .     .     .     .       .      .    .     .       .
      STEP          ~     ~     ~     ~     ~     ~     ~     .       C      ~    ~     ~       ~
      PAY           ~     ~     ~     ~     ~     ~     ~     .       C      ~    ~     ~       ~
      PAY_REFUSED   ~     ~     ~     ~     ~     ~     ~     WL      C      ~    ~     ~       ~
      CHECKPOINT    ~     ~     ~     ~     ~     ~     ~     ~       C      ~    ~     ~       ~
      DONE          ~     ~     ~     ~     ~     ~     ~     D       D      ~    ~     ~       ~
      FAIL          ~     ~     ~     ~     ~     ~     ~     WRa     C      ~    ~     ~       ~
      RETRY_AT      ~     ~     ~     ~     ~     ~     ~     WRa     C      ~    ~     ~       ~
      PERMANENT     ~     ~     ~     ~     ~     ~     ~     F       F      ~    ~     ~       ~
      DEAD          ~     ~     ~     ~     ~     ~     ~     F       F      ~    ~     ~       ~
      LATER         ~     ~     ~     ~     ~     ~     ~     WD      C      ~    ~     ~       ~
      NULL          ~     ~     ~     ~     ~     ~     ~     WRa     C      ~    ~     ~       ~
      CANCEL        C     C     C     C     C     C     C     .f      .      !    !     !       !
      HOLD          H     H     H     H     H     H     !     !       !      !    !     !       !
      RELEASE       !     !     !     !     !     !     R     !       !      !    !     !       !
      REPLAY        !     !     !     !     !     !     !     !       !      .*   .*r   .*      .*
      DISMISS       !     !     !     !     !     !     !     !       !      !    .r    !       !
      CLOSE         .     .     .     .     .     .     .     Re      C      .    .     .       .
      CRASH         .     .     .     .     .     .     .     Rec     Cc     .    .     .       .
      ZOMBIE        ~     ~     ~     ~     ~     ~     ~     ~       ~      ~    ~     ~       ~
      """;

  @TempDir Path directory;

  private static List<List<String>> rows() {
    return TABLE.lines().map(line -> Arrays.asList(line.strip().split(" +", -1))).toList();
  }

  @TestFactory
  Stream<DynamicTest> everyEventInEveryState() {
    List<String> states = rows().getFirst().subList(1, rows().getFirst().size());
    List<DynamicTest> tests = new ArrayList<>();
    for (List<String> row : rows().subList(1, rows().size())) {
      StateEvent event = StateEvent.valueOf(row.getFirst());
      for (int column = 0; column < states.size(); column++) {
        StateOfWork state = StateOfWork.valueOf(states.get(column));
        String expected = row.get(column + 1);
        tests.add(
            DynamicTest.dynamicTest(
                event + " in " + state + " is " + expected,
                () -> play(new Cell(state, event, expected), Storage.MEMORY)));
        if (event.isReopening()) {
          tests.add(
              DynamicTest.dynamicTest(
                  event + " in " + state + " is " + expected + " in a file",
                  () -> play(new Cell(state, event, expected), Storage.FILE)));
        }
      }
    }
    return tests.stream();
  }

  @Test
  void theTableHasEveryPair() {
    assertThat(rows().getFirst().subList(1, rows().getFirst().size()))
        .containsExactlyElementsOf(Stream.of(StateOfWork.values()).map(Enum::name).toList());
    assertThat(rows().stream().skip(1).map(List::getFirst))
        .containsExactlyElementsOf(Stream.of(StateEvent.values()).map(Enum::name).toList());
    assertThat(rows()).allSatisfy(row -> assertThat(row).hasSameSizeAs(rows().getFirst()));
  }

  /// A cell of the table.
  private record Cell(StateOfWork state, StateEvent event, String expected) {

    String flags() {
      return expected.replaceFirst("^(\\.|!|~|W[LRD]|[RHXDFC])", "");
    }

    boolean stays() {
      return expected.startsWith(".");
    }

    boolean changesNoRow() {
      return expected.equals("!") || expected.equals("~");
    }

    int has(String flag) {
      return flags().contains(flag) ? 1 : 0;
    }
  }

  private void play(Cell cell, Storage storage) throws IOException {
    Path own =
        Files.createDirectory(directory.resolve(cell.event() + "-in-" + cell.state() + storage));
    try (StateRig rig = new StateRig(storage, own)) {
      cell.state().reach(rig);
      Instant now = rig.rig.clock.instant();
      WorkView before = rig.work();
      List<String> dump = rig.dump();
      List<String> unit = rig.unit();
      int works = rig.count();

      if (cell.expected().equals("!")) {
        assertThatExceptionOfType(InboxException.NotAllowed.class)
            .isThrownBy(() -> cell.event().happen(rig));
      } else {
        cell.event().happen(rig);
      }

      assertTold(cell, rig.told());
      if (cell.changesNoRow()) {
        assertThat(rig.dump()).isEqualTo(dump);
        return;
      }
      assertRow(cell, before, rig.work());
      assertNextAt(cell, before, rig.work(), now);
      assertThat(rig.count()).isEqualTo(works + cell.has("*"));
      assertThat(rig.unit()).isEqualTo(unitAfter(cell, unit, rig.work().state()));
      assertThat(rig.steps()).isEqualTo(stepsAfter(cell));
      assertThat(rig.reservedByTheRest()).isEmpty();
      Queues.requireInOrder(rig.rig.database);
    }
  }

  private static void assertRow(Cell cell, WorkView before, WorkView after) {
    String flags = cell.flags();
    assertThat(code(after))
        .isEqualTo(cell.stays() ? code(before) : withoutFlags(cell.expected(), flags));
    assertThat(after.attempt()).isEqualTo(before.attempt() + cell.has("a"));
    assertThat(after.crashes()).isEqualTo(before.crashes() + cell.has("c"));
    assertThat(after.epoch()).isEqualTo(before.epoch() + cell.has("e"));
    assertThat(after.cancelling())
        .isEqualTo(flags.contains("f") || (before.cancelling() && cell.stays()));
    assertThat(after.resolved()).isEqualTo(flags.contains("r") || before.resolved());
    assertThat(after.endedAt() != null).isEqualTo(after.state().isTerminal());
    assertThat(after.firstAt()).isEqualTo(before.firstAt());
    if (cell.stays()) {
      assertThat(after.outcome()).isEqualTo(before.outcome());
      assertThat(after.error()).isEqualTo(before.error());
      assertThat(after.endedAt()).isEqualTo(before.endedAt());
    }
  }

  /// A run is told at its next step or checkpoint that it is over, or that it ends here.
  private static void assertTold(Cell cell, @Nullable InboxException told) {
    if (cell.expected().equals("~") && cell.event().isBorder() && !isRunsOwn(cell)) {
      assertThat(told).isInstanceOf(InboxException.Superseded.class);
    } else if (cell.event().isBorder() && !cell.stays() && !isRunsOwn(cell)) {
      assertThat(told).isInstanceOf(InboxException.Suspended.class);
    } else {
      assertThat(told).isNull();
    }
  }

  // A checkpoint lets a run go on which nobody has cancelled.
  private static boolean isRunsOwn(Cell cell) {
    return cell.event() == StateEvent.CHECKPOINT && cell.state() == StateOfWork.RUNNING;
  }

  private static void assertNextAt(Cell cell, WorkView before, WorkView after, Instant now) {
    Instant next = after.nextAt();
    if (cell.stays()) {
      boolean quietOver =
          cell.state() == StateOfWork.QUIET && cell.event() == StateEvent.ACCEPT_NEW;
      assertThat(next).isEqualTo(quietOver ? now : before.nextAt());
      return;
    }
    switch (code(after)) {
      case "R" ->
          assertThat(next)
              .isEqualTo(cell.event() == StateEvent.TIME ? now.plus(StateRig.HOUR) : now);
      case "WL", "WD" -> assertThat(next).isEqualTo(now.plus(StateRig.HOUR));
      case "WR" -> {
        if (cell.event() == StateEvent.RETRY_AT) {
          assertThat(next).isEqualTo(now.plus(StateRig.HOUR));
        } else {
          assertThat(next)
              .isBetween(now, now.plus(RetryPolicy.defaults().longestAfter(before.attempt())));
        }
      }
      default -> assertThat(next).isNull();
    }
  }

  /// A unit is reserved while the work runs, spent once it begins to pay, and given back otherwise.
  private static List<String> unitAfter(Cell cell, List<String> before, WorkState state) {
    if (cell.event() == StateEvent.PAY && cell.state() == StateOfWork.RUNNING) {
      return List.of("SETTLED");
    }
    if (state == WorkState.RUNNING) {
      return List.of("RESERVED");
    }
    return before.isEmpty() ? before : List.of("RELEASED");
  }

  private static List<String> stepsAfter(Cell cell) {
    if (cell.state() != StateOfWork.RUNNING) {
      return List.of();
    }
    return switch (cell.event()) {
      case STEP -> List.of("step DONE");
      case PAY -> List.of("pay DONE");
      default -> List.of();
    };
  }

  private static String withoutFlags(String expected, String flags) {
    return expected.substring(0, expected.length() - flags.length());
  }

  private static String code(WorkView work) {
    return switch (work.state()) {
      case READY -> "R";
      case HELD -> "H";
      case RUNNING -> "X";
      case DONE -> "D";
      case DEAD -> "F";
      case CANCELLED -> "C";
      case WAITING ->
          "W"
              + switch (Objects.requireNonNull(work.reason())) {
                case LIMIT -> "L";
                case RETRY -> "R";
                case DELAY -> "D";
              };
    };
  }
}
