package dev.latchkey.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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
                event + " in " + state + " is " + expected, () -> play(state, event, expected)));
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

  private void play(StateOfWork state, StateEvent event, String expected) {
    try (StateRig rig = new StateRig(directory)) {
      state.reach(rig);
      WorkView before = rig.work();
      List<String> dump = rig.dump();
      int works = rig.count();

      if (expected.equals("!")) {
        assertThatExceptionOfType(InboxException.NotAllowed.class)
            .isThrownBy(() -> event.happen(rig));
      } else {
        event.happen(rig);
      }

      if (expected.equals("!") || expected.equals("~")) {
        assertThat(rig.dump()).isEqualTo(dump);
        return;
      }
      String flags = expected.replaceFirst("^(\\.|W[LRD]|[RHXDFC])", "");
      WorkView after = rig.work();
      assertThat(code(after))
          .isEqualTo(expected.startsWith(".") ? code(before) : withoutFlags(expected, flags));
      assertThat(after.attempt()).isEqualTo(before.attempt() + has(flags, "a"));
      assertThat(after.crashes()).isEqualTo(before.crashes() + has(flags, "c"));
      assertThat(after.epoch()).isEqualTo(before.epoch() + has(flags, "e"));
      assertThat(rig.count()).isEqualTo(works + has(flags, "*"));
      assertThat(after.cancelling())
          .isEqualTo(flags.contains("f") || (before.cancelling() && expected.startsWith(".")));
      assertThat(after.resolved()).isEqualTo(flags.contains("r") || before.resolved());
      assertThat(rig.reservedByTheRest()).isEmpty();
    }
  }

  private static String withoutFlags(String expected, String flags) {
    return expected.substring(0, expected.length() - flags.length());
  }

  private static int has(String flags, String flag) {
    return flags.contains(flag) ? 1 : 0;
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
