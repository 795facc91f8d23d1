package dev.latchkey.inbox;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Tells what happens: one line each to the log, with ids and without payloads, and to the
/// listener.
///
/// What a handler or a listener says of a failure may hold a payload, so the log has only the kind
/// and place of it; the message stands in the table, with the work.
final class Herald {

  private static final Logger LOG = System.getLogger(Herald.class.getPackageName());

  private final InboxListener listener;
  private final Tally tally;

  Herald(InboxListener listener, Tally tally) {
    this.listener = listener;
    this.tally = tally;
  }

  // Whatever a listener throws, an Error as well: it must not change what it is told of.
  void tell(Event event) {
    LOG.log(level(event), () -> line(event));
    tally.count(event);
    try {
      listener.on(event);
    } catch (Throwable failure) {
      LOG.log(Level.WARNING, () -> "event=listener.failed" + failure(failure));
    }
  }

  private static Level level(Event event) {
    return switch (event) {
      case Event.Stored _ -> Level.INFO;
      case Event.Claimed _, Event.CallStarted _, Event.StepKept _, Event.Postponed _ -> Level.DEBUG;
      case Event.Ended(_, var state, _) -> state == WorkState.DEAD ? Level.WARNING : Level.INFO;
      case Event.Retried _, Event.HandedBack _, Event.Cancelled _ -> Level.INFO;
      case Event.CaughtUp(_, var report) -> report.stored() > 0 ? Level.INFO : Level.DEBUG;
      case Event.Resynced _ -> Level.DEBUG;
      case Event.Held _, Event.Poisoned _, Event.LookFailed _ -> Level.WARNING;
    };
  }

  private static String line(Event event) {
    return switch (event) {
      case Event.Stored(var source, var id, var receipt) ->
          "event=delivery.stored source=%s id=%s receipt=%s"
              .formatted(quoted(source), quoted(id), receipt);
      case Event.Claimed(var claim) -> "event=work.claimed " + name(claim);
      case Event.CallStarted(var claim, var step, var call) ->
          "event=step.calling %s step=%s call=%d".formatted(name(claim), quoted(step), call);
      case Event.StepKept(var claim, var step) ->
          "event=step.kept %s step=%s".formatted(name(claim), quoted(step));
      case Event.Ended(var claim, var state, _) ->
          "event=work.ended %s state=%s".formatted(name(claim), state);
      case Event.Retried(var claim, var at, _) ->
          "event=work.retried %s at=%s".formatted(name(claim), at);
      case Event.Postponed(var work, var reason, var at) ->
          "event=work.postponed work=%d reason=%s at=%s".formatted(work, reason, at);
      case Event.HandedBack(var work) -> "event=work.handed-back work=" + work;
      case Event.Cancelled(var work, _) -> "event=work.cancelled work=" + work;
      case Event.Held(var work, _) -> "event=work.held work=" + work;
      case Event.Poisoned(var work) -> "event=work.poisoned work=" + work;
      case Event.CaughtUp(var source, var report) ->
          "event=source.caught-up source=%s calls=%d listed=%d stored=%d gone=%d failed=%d all=%s"
              .formatted(
                  quoted(source),
                  report.calls(),
                  report.listed(),
                  report.stored(),
                  report.gone(),
                  report.failed(),
                  report.complete());
      case Event.Resynced(var name, var named, var made) ->
          "event=resync.done name=%s named=%d made=%d".formatted(quoted(name), named, made);
      case Event.LookFailed(var name, _) -> "event=look.failed name=" + quoted(name);
    };
  }

  /// Returns the ids of a run, as `key=value`.
  static String name(Claim claim) {
    return "work=%d epoch=%d attempt=%d kind=%s lane=%s"
        .formatted(
            claim.work(),
            claim.epoch(),
            claim.attempt(),
            quoted(claim.kind()),
            quoted(claim.lane()));
  }

  static String name(Delivery delivery) {
    return "source=%s id=%s".formatted(quoted(delivery.source()), quoted(delivery.id()));
  }

  /// Returns the kind and place of a failure, as `key=value` after a space.
  static String failure(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    String place = trace.length == 0 ? "unknown" : trace[0].toString();
    return " failure=%s thrownAt=%s".formatted(failure.getClass().getName(), quoted(place));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
