package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import org.jspecify.annotations.Nullable;

/// A work's row, as far as its way through the states needs it.
///
/// @param limits the demands of its limits, as text; what it has settled is among them
/// @param line the line of what it still asks for; see [Lines]
/// @param front whether it is the one its lane offers; see [Lanes]
/// @param crashes how many runs on end the process died in while nothing else ran
/// @param deaths the same, and those in which others ran too
/// @param callRef the call that its next run was postponed for, or null
/// @param cancelled why it is to be cancelled, or null if it isn't
record Work(
    long id,
    String kind,
    String lane,
    String key,
    String limits,
    long line,
    int priority,
    WorkState state,
    @Nullable WaitReason reason,
    boolean front,
    int attempt,
    int crashes,
    boolean progressed,
    long epoch,
    @Nullable String callRef,
    @Nullable String cancelled,
    long nextAt,
    long firstAt,
    @Nullable Long claimedAt,
    int deaths) {

  static final String COLUMNS =
      """
      id, kind, lane, work_key, limits, line, priority, state, reason, front, attempt, crashes,
      progressed, epoch, call_ref, cancelled, next_at, first_at, claimed_at,
      crashes + suspicions
      """;

  static Work of(Database.Row row) {
    return new Work(
        row.number(1),
        text(row, 2),
        text(row, 3),
        text(row, 4),
        text(row, 5),
        row.number(6),
        (int) row.number(7),
        WorkState.valueOf(text(row, 8)),
        row.isNull(9) ? null : WaitReason.valueOf(text(row, 9)),
        row.number(10) == 1,
        (int) row.number(11),
        (int) row.number(12),
        row.number(13) == 1,
        row.number(14),
        row.text(15),
        row.text(16),
        row.number(17),
        row.number(18),
        row.isNull(19) ? null : row.number(19),
        (int) row.number(20));
  }

  static String text(Database.Row row, int column) {
    return String.valueOf(row.text(column));
  }

  Work withCrashes(int crashes) {
    return new Work(
        id,
        kind,
        lane,
        key,
        limits,
        line,
        priority,
        state,
        reason,
        front,
        attempt,
        crashes,
        progressed,
        epoch,
        callRef,
        cancelled,
        nextAt,
        firstAt,
        claimedAt,
        deaths);
  }

  /// Returns whether it waits for a limit, in its line.
  boolean isInLine() {
    return reason == WaitReason.LIMIT;
  }

  /// Returns whether its lane may offer it.
  boolean isQueued() {
    return state == WorkState.READY || isInLine();
  }

  boolean isLive() {
    return state == WorkState.READY || state == WorkState.WAITING || state == WorkState.HELD;
  }
}
