package dev.latchkey.inbox;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A process in the storm: takes deliveries in from its parent by standard input, a line each, does
/// their works, and asks its parent, who plays the model and the outside, for everything beyond its
/// database. It is killed where its parent wants.
final class StormChild implements AutoCloseable {

  static final Limit HOURLY = new Limit("hourly", 3, Duration.ofSeconds(2));
  static final Limit TOKENS = new Limit("tokens", 400, Duration.ofSeconds(1));
  static final StoreSpec<String> LEFT = StoreSpec.of("left", Codec.text());
  static final StoreSpec<String> RIGHT = StoreSpec.of("right", Codec.text());
  static final StoreSpec<String> DONE = StoreSpec.of("done", Codec.text());

  private static final Codec<String> TEXT = Codec.text();

  private final int port;
  private final StormBug bug;
  private final Database database;
  private final Store<String> left;
  private final Store<String> right;
  private final Store<String> done;
  private final CountDownLatch lateMayWake = new CountDownLatch(1);
  private volatile Inbox inbox;

  private StormChild(Path file, int port, StormBug bug) {
    this.port = port;
    this.bug = bug;
    database = Database.open(file);
    left = database.store(LEFT);
    right = database.store(RIGHT);
    done = database.store(DONE);
    inbox = open();
  }

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    try (StormChild child =
        new StormChild(file, Integer.parseInt(arguments[1]), StormBug.valueOf(arguments[2]))) {
      System.out.println("ready");
      child.listen();
    }
    System.exit(0);
  }

  private Inbox open() {
    Inbox opened =
        Inbox.open(
            database,
            InboxOptions.of(StormChild::route)
                .withRetry(new RetryPolicy(50, Duration.ofMillis(5), Duration.ofMillis(50)))
                .withDrainTimeout(Duration.ofMillis(300))
                .withListener(this::on));
    for (String kind : List.of("plain", "paid", "late")) {
      opened.handler(kind, this::handle);
    }
    opened.start();
    return opened;
  }

  /// The id says it all: kind, lane, and for one that cancels, its own kind.
  static Routing route(Delivery delivery) {
    String[] parts = delivery.id().split("-", 3);
    String lane = "lane" + parts[1];
    if (parts[0].equals("closed")) {
      return Routing.ignore().cancelling(Cancellation.ofKey("late " + lane, "closed"));
    }
    NewWork work = NewWork.of(parts[0], lane, parts[0] + " " + lane).withSubject(delivery.id());
    return Routing.to(parts[0].equals("paid") ? work.withLimits(HOURLY) : work);
  }

  private void on(Event event) {
    switch (event) {
      case Event.Stored _ -> point("stored-before-ack");
      case Event.Claimed(var claim) -> {
        ask("RUN " + claim.work());
        point("after-claim");
      }
      case Event.StepKept(_, var step) -> {
        if (step.equals("read")) {
          point("after-step");
        }
      }
      case Event.Ended(var claim, _, _) -> {
        ask("ENDED " + claim.work());
        point("after-done");
      }
      case Event.Retried(var claim, _, _) -> ask("ENDED " + claim.work());
      case Event.Postponed(var work, _, _) -> ask("ENDED " + work);
      case Event.HandedBack(var work) -> ask("TAKEN " + work);
      case Event.CallStarted _,
          Event.Cancelled _,
          Event.Held _,
          Event.Poisoned _,
          Event.CaughtUp _,
          Event.Resynced _,
          Event.LookFailed _ -> {
        // Not counted.
      }
    }
  }

  /// Reads deliveries until the parent has no more.
  private void listen() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String id = in.readLine(); id != null; id = in.readLine()) {
      switch (id) {
        case "reopen" -> {
          // Runs that hang are handed back, and wake late as zombies.
          inbox.close();
          inbox = open();
          lateMayWake.countDown();
        }
        case "settle" -> {
          releaseAll();
          System.out.println("unended " + unended());
        }
        default -> accept(id);
      }
    }
  }

  private void accept(String id) {
    Inbox its = inbox;
    Thread.startVirtualThread(() -> {
      its.accept(new Delivery("storm", id, "event", Map.of(), id.getBytes(StandardCharsets.UTF_8)));
      ask("ACK " + id);
      point("after-ack");
    });
  }

  /// Plays the operator: what is held because a call was lost too often is called once more.
  private void releaseAll() {
    WorkQuery held = WorkQuery.newest(100).withStates(WorkState.HELD);
    inbox.works(held).forEach(work -> inbox.release(work.id()));
  }

  private long unended() {
    return database
        .query(
            """
            SELECT COUNT(*) FROM latchkey_work WHERE state NOT IN ('DONE', 'DEAD', 'CANCELLED')
            """,
            row -> row.number(1))
        .getFirst();
  }

  private Outcome handle(Task task) throws InterruptedException {
    String mark = "mark " + task.id();
    if (bug == StormBug.MARK_BEFORE_WORK) {
      if (left.contains(mark)) {
        return Outcome.done("marked");
      }
      left.put(mark, "marked");
      right.put(mark, "marked");
    }
    String read =
        task.step(
            "read",
            task.subject(),
            TEXT,
            () -> "read",
            result -> {
              left.put("canary " + task.id(), result);
              right.put("canary " + task.id(), result);
            });
    if (task.kind().equals("late") && task.epoch() == 1) {
      hang();
      finishAround(task);
    }
    task.checkpoint();
    if (task.kind().equals("paid")) {
      pay(task, read);
    }
    effect(task);
    return end(task);
  }

  /// Hangs until this process has given the work to another run, and wakes too late; or for a
  /// moment, if it doesn't.
  private void hang() throws InterruptedException {
    try {
      var _ = lateMayWake.await(2, TimeUnit.SECONDS);
    } catch (InterruptedException handedBack) {
      // An obstinate one, which goes on all the same.
      lateMayWake.await();
    }
  }

  /// Writes that the work is done beside the guard, as one that is over must not.
  private void finishAround(Task task) {
    if (bug == StormBug.FINISH_WITHOUT_EPOCH) {
      database.update(
          """
          UPDATE latchkey_work SET state = 'DONE', reason = NULL, front = 0, owner = NULL,
            ended_at = 1, closed_at = 1 WHERE id = ? AND state <> 'DONE'
          """,
          task.id());
    }
  }

  private void pay(Task task, String read) {
    if (bug == StormBug.CHARGE_WITHOUT_WORK_ID) {
      database.update(
          """
          INSERT INTO latchkey_charge (bucket, ref, work, at, units, state)
          VALUES ('hourly', ?, ?, 0, 1, 'SETTLED') ON CONFLICT (bucket, ref) DO NOTHING
          """,
          "run " + task.epoch() + " " + task.id(),
          task.id());
    }
    String call = task.id() + "/ask/" + task.subject();
    long units = 10 + task.id() % 30;
    String answer =
        task.paidStep(
            "ask",
            task.subject() + read,
            List.of(new Reservation(TOKENS, 100)),
            TEXT,
            bill -> {
              String said = ask("CALL " + call + " " + units);
              point("in-paid-call");
              bill.used("tokens", units);
              return said;
            });
    ask("ANSWERED " + call + " " + answer);
  }

  private void effect(Task task) {
    String thing = "work-" + task.id();
    boolean blind = bug == StormBug.EFFECT_WITHOUT_LOOKING;
    if (!blind && ask("LOOK " + thing).equals("there")) {
      return;
    }
    point("before-effect");
    task.checkpoint();
    ask("BEGIN " + task.lane() + " " + task.id() + "." + task.epoch());
    if (blind || ask("LOOK " + thing).equals("absent")) {
      ask("MAKE " + thing);
    }
    ask("END " + task.lane() + " " + task.id() + "." + task.epoch());
    point("after-effect");
  }

  private Outcome end(Task task) {
    return Outcome.done("done", () -> done.put("done " + task.id(), task.subject()));
  }

  private void point(String name) {
    if (ask("POINT " + name).equals("stop")) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException handedBack) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Asks the parent. An interrupt of the asking run closes no connection, so that whoever began a
  /// change says its end too.
  private String ask(String question) {
    return CompletableFuture.supplyAsync(() -> exchange(question), Thread::startVirtualThread)
        .join();
  }

  private String exchange(String question) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        PrintWriter out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8);
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      out.println(question);
      return String.valueOf(in.readLine());
    } catch (IOException failure) {
      throw new IllegalStateException("the parent does not answer", failure);
    }
  }

  @Override
  public void close() {
    inbox.close();
    database.close();
  }
}
