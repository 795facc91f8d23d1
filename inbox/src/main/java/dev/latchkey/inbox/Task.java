package dev.latchkey.inbox;

import dev.latchkey.kv.Codec;
import java.util.List;
import java.util.function.Consumer;

/// One run of a work, as its handler sees it.
///
/// A step is known by its name **and** its input: the same name with another input is another step.
/// Its result is kept before it is returned, and what is returned is what was kept, decoded. A step
/// that has been kept is never run again for its work, whatever crashes.
///
/// Between two runs of a work further deliveries may be absorbed by it, and the later run then has
/// their subject. So read the subject and the present state outside of steps, and put what a step
/// depends on (a commit, a version) into its input.
///
/// The input is hashed (SHA-256), not kept. Names have 1 to 200 characters; an encoded result has
/// at most 16 MiB, beyond which [PermanentFailure] is thrown and nothing kept. Neither a body nor
/// its result may be null. Steps of different names or inputs may run at the same time, but not one
/// inside the body of another: that is a [PermanentFailure]. Steps don't belong inside a
/// transaction.
///
/// Every step is a border at which a run may end: with [InboxException.Superseded] when it was
/// taken away from this worker, with [InboxException.Suspended] when its work was cancelled. Let
/// both through.
public sealed interface Task permits Run {

  /// Returns the work's id, which never changes and is never used again.
  long id();

  String kind();

  String lane();

  String key();

  /// Returns the subject that was the newest when this run began.
  String subject();

  /// Returns which attempt this is, from 1: one more than the failures so far.
  int attempt();

  /// Returns the number of this run, which rises each time the work is taken or taken away. All
  /// that is written for the work is written under it, and refused once it has risen.
  long epoch();

  /// Returns the deliveries that led to this work, each as `source/id`, oldest first; at most the
  /// first 1,000.
  List<String> deliveries();

  /// Runs the body and keeps its result, or returns the result kept earlier.
  ///
  /// @throws X what the body threw; nothing is kept
  /// @throws InboxException.Superseded if this run is over; nothing is kept
  /// @throws InboxException.Suspended if the work was cancelled; nothing was run
  /// @throws dev.latchkey.kv.KvException if the result could not be kept
  <T, X extends Exception> T step(String name, String input, Codec<T> codec, Body<T, X> body)
      throws X;

  /// As [#step(String, String, Codec, Body)], with writes of the application's own, which commit
  /// together with the result or not at all. They're made once: not again when the result was kept
  /// earlier.
  ///
  /// @param alongside runs inside the transaction; what it throws undoes the step
  <T, X extends Exception> T step(
      String name, String input, Codec<T> codec, Body<T, X> body, Consumer<T> alongside) throws X;

  /// Runs a body that costs something each time, such as a call to a model. That the call begins is
  /// committed before it does, and from then on the work's charges are spent: at least one call,
  /// exactly one kept result.
  ///
  /// A crash in mid-call means that nobody knows whether it was answered. A later run calls once
  /// more, as [InboxOptions#withLostCall] allows: at most twice because of crashes, after which the
  /// work is HELD for the operator. A failure of the body counts as an attempt of the work instead,
  /// and [RetryPolicy#maxAttempts] bounds those.
  ///
  /// A result that the body has returned isn't given up because the database can't be written for
  /// the moment: keeping it is tried, again and again, until it is kept, this run is over, the
  /// database has stopped, or the inbox has closed (which waits for it up to
  /// [InboxOptions#withDrainTimeout]). Meanwhile the work goes on running, and holds its lane. An
  /// interrupt doesn't end that either; it is kept for afterwards.
  ///
  /// @throws X what the body threw; nothing is kept but that it was called
  /// @throws InboxException.Superseded if this run is over; before the call, or after it with the
  ///   result not kept
  /// @throws InboxException.Suspended if the work was cancelled, or is held because of lost calls;
  ///   nothing was called
  /// @throws dev.latchkey.kv.KvException if the beginning could not be kept, and nothing was
  ///   called; or if the result could not, before the database stopped or the inbox closed
  <T, X extends Exception> T paidStep(String name, String input, Codec<T> codec, Body<T, X> body)
      throws X;

  /// As [#paidStep(String, String, Codec, Body)], for a call that uses of limits of its own, such
  /// as tokens. What it may use is reserved before the call, all or nothing; what it did use, as
  /// the call writes into its [Bill], is settled together with the result, and the rest goes back.
  ///
  /// If a limit refuses, this run ends with [InboxException.Suspended], and the work waits until
  /// the limits admit it, with its steps kept and no attempt counted. A reservation larger than its
  /// limit is a [PermanentFailure].
  ///
  /// @param reservations at most 16, each bucket once, and none of the work's own limits
  <T, X extends Exception> T paidStep(
      String name, String input, List<Reservation> reservations, Codec<T> codec, Call<T, X> call)
      throws X;

  /// Looks whether this run goes on; to be called between steps, where they're far apart.
  ///
  /// @throws InboxException.Superseded if this run is over
  /// @throws InboxException.Suspended if the work was cancelled
  void checkpoint();

  /// What a paid step with reservations does.
  @FunctionalInterface
  interface Call<T, X extends Exception> {
    T run(Bill bill) throws X;
  }

  /// What a step does.
  @FunctionalInterface
  interface Body<T, X extends Exception> {
    T run() throws X;
  }
}
