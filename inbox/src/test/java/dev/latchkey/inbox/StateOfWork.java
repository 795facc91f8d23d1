package dev.latchkey.inbox;

import java.time.Duration;

/// The states of a work, and how it comes there.
enum StateOfWork {
  READY {
    @Override
    void reach(StateRig rig) {
      rig.send(Routing.to(StateRig.asked()));
    }
  },
  /// Ready, behind another one of its lane.
  BEHIND {
    @Override
    void reach(StateRig rig) {
      rig.send(Routing.to(NewWork.of("build", "lane", "another")));
      rig.send(Routing.to(StateRig.asked()));
    }
  },
  LIMIT {
    @Override
    void reach(StateRig rig) {
      rig.send(Routing.to(NewWork.of("other", "elsewhere").withLimits(StateRig.FULL)));
      rig.rig.take();
      rig.send(Routing.to(StateRig.asked().withLimits(StateRig.FULL)));
      rig.rig.inbox().take(Rig.ONE);
    }
  },
  RETRY {
    @Override
    void reach(StateRig rig) {
      rig.send(Routing.to(StateRig.asked()));
      rig.behaviour =
          task -> {
            throw new RetryAt(rig.rig.clock.instant().plus(StateRig.HOUR), "busy");
          };
      rig.rig.runDue();
    }
  },
  /// Waits for things to become quiet, and hasn't begun.
  QUIET {
    @Override
    void reach(StateRig rig) {
      rig.send(Routing.to(StateRig.asked().withDebounce(StateRig.HOUR, Duration.ofHours(2))));
    }
  },
  /// Waits because its handler asked to come back.
  DELAY {
    @Override
    void reach(StateRig rig) {
      rig.send(Routing.to(StateRig.asked()));
      rig.behaviour = task -> Outcome.later(rig.rig.clock.instant().plus(StateRig.HOUR), "later");
      rig.rig.runDue();
    }
  },
  HELD {
    @Override
    void reach(StateRig rig) {
      READY.reach(rig);
      rig.rig.inbox().hold(rig.work().id());
    }
  },
  RUNNING {
    @Override
    void reach(StateRig rig) {
      READY.reach(rig);
      rig.rig.take();
    }
  },
  /// Running, and to be cancelled.
  FLAGGED {
    @Override
    void reach(StateRig rig) {
      RUNNING.reach(rig);
      rig.rig.inbox().cancel(rig.work().id(), "not wanted");
    }
  },
  DONE {
    @Override
    void reach(StateRig rig) {
      READY.reach(rig);
      rig.rig.runDue();
    }
  },
  DEAD {
    @Override
    void reach(StateRig rig) {
      READY.reach(rig);
      rig.behaviour = task -> Outcome.dead("for good");
      rig.rig.runDue();
    }
  },
  RESOLVED {
    @Override
    void reach(StateRig rig) {
      DEAD.reach(rig);
      rig.rig.inbox().dismiss(rig.work().id());
    }
  },
  /// Cancelled.
  GONE {
    @Override
    void reach(StateRig rig) {
      READY.reach(rig);
      rig.rig.inbox().cancel(rig.work().id(), "not wanted");
    }
  };

  abstract void reach(StateRig rig);
}
