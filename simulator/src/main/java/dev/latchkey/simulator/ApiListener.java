package dev.latchkey.simulator;

/// Told of every request to the simulated GitHub, on the thread that serves it. Both methods may
/// block, and what they return decides what becomes of the request.
public interface ApiListener {

  /// Told before the request is looked at. With [Fate.Drop] or [Fate.Fail] it is never applied.
  default Fate before(ApiRequest request) {
    return Fate.proceed();
  }

  /// Told after the request was applied and before its answer is written. With [Fate.Drop] or
  /// [Fate.Fail] the request was done, but its sender never learns it. Not told of a request that
  /// was held.
  ///
  /// @param status what GitHub answers, 200 to 599
  default Fate after(ApiRequest request, int status) {
    return Fate.proceed();
  }
}
