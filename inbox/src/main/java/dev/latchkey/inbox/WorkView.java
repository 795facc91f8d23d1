package dev.latchkey.inbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A work as it was when read, for people to look at.
///
/// @param subject as the last [NewWork] gave it which it was made from or has absorbed
/// @param reason why it waits, or null if it doesn't
/// @param priority the higher goes first
/// @param attempt which attempt it is at, from 1
/// @param crashes how many runs on end the process died in, without a step finished, while nothing
///   else ran
/// @param epoch how often it was taken or taken away
/// @param nextAt since or from when it may run; null once it runs or has ended
/// @param outcome what its handler last said, empty if nothing
/// @param error how it last failed, empty if it didn't
/// @param firstAt when the first of its deliveries came
/// @param claimedAt when it last began to run, or null if it never did
/// @param endedAt when it became DONE, DEAD or CANCELLED, or null
/// @param resolved whether it is DEAD and somebody has replayed or dismissed it
/// @param cancelling whether it runs and will be CANCELLED at its next step
public record WorkView(
    long id,
    String kind,
    String lane,
    String key,
    String subject,
    WorkState state,
    @Nullable WaitReason reason,
    int priority,
    int attempt,
    int crashes,
    long epoch,
    @Nullable Instant nextAt,
    String outcome,
    String error,
    Instant firstAt,
    @Nullable Instant claimedAt,
    @Nullable Instant endedAt,
    boolean resolved,
    boolean cancelling) {}
