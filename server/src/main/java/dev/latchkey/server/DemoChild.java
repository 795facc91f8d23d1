package dev.latchkey.server;

import java.io.IOException;

/// Runs the server as the demonstration's child: as [Main], but it ends with its parent, however
/// that ended, because then its standard input does.
final class DemoChild {
  private DemoChild() {}

  public static void main(String[] arguments) {
    Thread.ofPlatform().daemon().name("parent-watch").start(DemoChild::endWithParent);
    Main.main(arguments);
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is ever written there.
      }
    } catch (IOException e) {
      // A broken pipe is a parent that is gone, too.
    }
    // At once: an orderly stop could wait for counterparts that died with the parent.
    Runtime.getRuntime().halt(1);
  }
}
