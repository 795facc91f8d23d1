package dev.latchkey.server;

import static java.util.Objects.requireNonNull;

import dev.latchkey.simulator.ModelQuestion;
import dev.latchkey.simulator.SimulatedPullRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Shows the whole way of a webhook on this machine: the real server as a child process between a
/// simulated GitHub and a simulated model, killed in mid-work and started again.
final class Demo implements AutoCloseable {
  /// All reviews must be there by then.
  private static final Duration DEADLINE = Duration.ofSeconds(150);

  /// Nothing more happens, when nothing happened for so long.
  private static final Duration SILENCE = Duration.ofMillis(1_500);

  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(20);

  private final DemoSource source;
  private final DemoWorld world;
  private final DemoTraffic traffic;
  private final Consumer<String> told;
  private final long started = System.nanoTime();
  private volatile @Nullable DemoServer server;
  private int kills;
  private volatile boolean closed;

  private Demo(DemoSource source, Function<ModelQuestion, String> replies, Consumer<String> told) {
    this.source = source;
    this.told = told;
    world = DemoWorld.start(replies, source);
    traffic = new DemoTraffic(world);
  }

  /// Starts the simulated GitHub and model; there is no server yet.
  ///
  /// @param replies the simulated model's answers
  /// @param told hears of the progress, a line each time
  static Demo of(
      DemoSource source, Function<ModelQuestion, String> replies, Consumer<String> told) {
    return new Demo(source, replies, told);
  }

  /// Starts the server.
  ///
  /// @throws DemoException if it does not start
  void start() throws InterruptedException {
    told.accept(
        "a simulated GitHub has "
            + source.changes().size()
            + " pull requests from "
            + source.description()
            + "; starting the server");
    startServer(0, 0);
    told.accept("the server is ready: " + server().admin());
  }

  /// Sends everything to the server that was started, kills it on the way, and waits until every
  /// open pull request has its review or the time is over.
  DemoReport run() throws InterruptedException {
    world.github().webhook(server().webhooks());
    // Where no file has text, nothing is asked of the model.
    List<DemoTrap> traps = source.hasText() ? world.traps() : world.traps().subList(1, 2);
    traps.getFirst().arm();
    told.accept(
        "sending "
            + traffic.deliveries().size()
            + " deliveries, some twice, at once, out of order");
    traffic.send();
    for (var trap : traps) {
      trap.arm();
      awaitReviewsOr(trap);
      if (trap.caught()) {
        killAndRestart(trap);
      }
      trap.release();
    }
    if (kills == 0) {
      killAndRestart(new DemoTrap("after its work, as it came by no other point", world.bell()));
    }
    if (!traffic.sendUntilAccepted(world.bell(), left())) {
      told.accept("some deliveries are still not accepted");
    }
    world.bell().await(() -> allReviewed() || !server().running(), left());
    requireRunning();
    told.accept("sending every delivery once more");
    traffic.sendAllAgain();
    world.bell().awaitSilence(SILENCE, LONGEST_SILENCE);
    requireRunning();
    return new DemoReport(
        source.description(),
        DemoCounts.of(world, traffic),
        kills,
        world.limit(),
        Duration.ofNanos(System.nanoTime() - started),
        server().admin());
  }

  /// The end of the server's log, to find out what went wrong.
  String serverLog() {
    return DemoServer.tail(world.folder());
  }

  /// Serves on until this demonstration is closed.
  ///
  /// @throws DemoException if the server ends before
  void serveOn() throws InterruptedException {
    server().awaitEnd();
    requireRunning();
  }

  /// Ends the server and the simulations; nothing of them is left. May be called again.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (server != null) {
        server.stop();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      world.close();
    }
  }

  private void awaitReviewsOr(DemoTrap trap) throws InterruptedException {
    world.bell().await(() -> trap.caught() || allReviewed() || !server().running(), left());
    requireRunning();
  }

  private void killAndRestart(DemoTrap trap) throws InterruptedException {
    server().kill();
    kills++;
    told.accept("killed the server " + trap.place());
    if (kills == 1) {
      traffic.sendWhileDown();
    }
    trap.release();
    startServer(server().webhooks().getPort(), server().admin().getPort());
    told.accept("started it again on the same database");
    traffic.sendUntilAccepted(world.bell(), left());
  }

  private synchronized void startServer(int port, int adminPort) throws InterruptedException {
    if (closed) {
      throw new InterruptedException("the demonstration is being ended");
    }
    var configuration = world.configuration(port, adminPort);
    server = DemoServer.start(configuration, world.folder(), world.bell());
  }

  private DemoServer server() {
    return requireNonNull(server, "the server was not started");
  }

  private boolean allReviewed() {
    return world.github().pullRequests(world.repository()).stream()
        .filter(SimulatedPullRequest::open)
        .allMatch(one -> DemoCounts.reviewed(world, one));
  }

  private void requireRunning() throws InterruptedException {
    if (closed) {
      throw new InterruptedException("the demonstration is being ended");
    }
    if (!server().running()) {
      throw new DemoException(
          "the server ended by itself; its log ends with\n" + DemoServer.tail(world.folder()));
    }
  }

  private Duration left() {
    var left = DEADLINE.minusNanos(System.nanoTime() - started);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
