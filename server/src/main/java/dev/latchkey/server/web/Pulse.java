package dev.latchkey.server.web;

/// Is told how each call to the outside ended, by whoever made it. It returns at once.
public interface Pulse {

  /// What is called.
  enum Part {
    GITHUB,
    MODEL
  }

  void ok(Part part);

  /// Tells of a call that failed.
  ///
  /// @param reason for the log and the operator; without a secret
  void failed(Part part, String reason);

  /// Returns one that forgets what it is told.
  static Pulse none() {
    return new Pulse() {
      @Override
      public void ok(Part part) {}

      @Override
      public void failed(Part part, String reason) {}
    };
  }
}
