package dev.latchkey.inbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// What outlives the storm's children: the sender's, the model's and the outside's records.
/// Children ask it over loopback, a line each, and it answers each; what it has counted is never
/// read from the inbox.
final class StormWorld implements AutoCloseable {

  /// Deliveries that a child has acknowledged.
  final Set<String> acknowledged = new HashSet<>();

  /// Changes of the outside, by work.
  final Map<String, Integer> effects = new HashMap<>();

  /// Calls of the model, by work, step and input.
  final Map<String, Integer> calls = new HashMap<>();

  /// Kills while such a call was under way, and runs that were taken away in it.
  final Map<String, Integer> killedInCall = new HashMap<>();

  /// Units billed for each call, by work, step and input.
  final Map<String, Long> bills = new HashMap<>();

  /// Works whose first call has come.
  final Set<Long> paid = new HashSet<>();

  /// Lanes in which something is being changed right now, and those in which two were.
  final Map<String, String> changing = new HashMap<>();

  final List<String> overlaps = new ArrayList<>();

  /// What was under way when a child was killed: the runs it had told of, less those it had ended.
  final Map<Long, Integer> deaths = new HashMap<>();

  private final ServerSocket server;
  private final Set<Long> running = new HashSet<>();
  private final Set<String> callsUnderWay = new HashSet<>();
  private final BlockingQueue<String> reached = new LinkedBlockingQueue<>();
  private final AtomicInteger talking = new AtomicInteger();
  private String stopAt = "";
  private int passes;

  StormWorld() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::serve);
  }

  int port() {
    return server.getLocalPort();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        talking.incrementAndGet();
        Thread.startVirtualThread(() -> talk(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void talk(Socket socket) {
    try {
      converse(socket);
    } finally {
      talking.decrementAndGet();
    }
  }

  private void converse(Socket socket) {
    try (socket;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        PrintWriter out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(answer(line));
      }
    } catch (IOException killed) {
      // That's what it is here for.
      reached.add("gone");
    }
  }

  /// Lets the child stop at that point, once it has passed it so often.
  synchronized void stopAt(String point, int after) {
    stopAt = point;
    passes = after;
    reached.clear();
  }

  /// Waits until the point is reached.
  ///
  /// @return false if it wasn't within the time
  boolean awaitPoint(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (true) {
      String what = reached.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (what == null) {
        return false;
      }
      if (what.equals("parked")) {
        return true;
      }
    }
  }

  /// Notes what was under way when the child was killed, and forgets it. What it had still said is
  /// heard before.
  void killed() {
    while (talking.get() > 0) {
      Thread.onSpinWait();
    }
    forget();
  }

  private synchronized void forget() {
    running.forEach(work -> deaths.merge(work, 1, Integer::sum));
    callsUnderWay.forEach(call -> killedInCall.merge(call, 1, Integer::sum));
    running.clear();
    callsUnderWay.clear();
    changing.clear();
  }

  private synchronized String answer(String line) {
    String[] words = line.split(" ", 4);
    return switch (words[0]) {
      case "POINT" -> point(words[1]);
      case "ACK" -> note(acknowledged.add(words[1]));
      case "RUN" -> note(running.add(Long.parseLong(words[1])));
      case "ENDED" -> note(running.remove(Long.parseLong(words[1])));
      case "TAKEN" -> taken(Long.parseLong(words[1]));
      case "CALL" -> call(words[1], words[2]);
      case "ANSWERED" -> note(callsUnderWay.remove(words[1]));
      case "LOOK" -> effects.containsKey(words[1]) ? "there" : "absent";
      case "MAKE" -> note(effects.merge(words[1], 1, Integer::sum) > 0);
      case "BEGIN" -> begin(words[1], words[2]);
      case "END" -> note(changing.remove(words[1], words[2]));
      default -> "what?";
    };
  }

  private static String note(boolean changed) {
    return changed ? "ok" : "known";
  }

  private String point(String name) {
    if (!name.equals(stopAt) || passes-- > 0) {
      return "go on";
    }
    reached.add("parked");
    return "stop";
  }

  /// A work was taken away from its run: a call that is under way is as good as lost.
  private String taken(long work) {
    running.remove(work);
    for (String call : List.copyOf(callsUnderWay)) {
      if (call.startsWith(work + "/")) {
        callsUnderWay.remove(call);
        killedInCall.merge(call, 1, Integer::sum);
      }
    }
    return "ok";
  }

  private String call(String name, String units) {
    calls.merge(name, 1, Integer::sum);
    callsUnderWay.add(name);
    bills.put(name, Long.parseLong(units));
    paid.add(Long.parseLong(name.substring(0, name.indexOf('/'))));
    return "answer";
  }

  private String begin(String lane, String work) {
    String other = changing.put(lane, work);
    if (other != null) {
      overlaps.add(lane + ": " + other + " and " + work);
    }
    return "ok";
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
