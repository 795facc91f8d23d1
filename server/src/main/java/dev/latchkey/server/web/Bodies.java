package dev.latchkey.server.web;

import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;

/// Reads the bodies of senders who are not known yet, within bounds of size, of time, and of memory
/// over all that are being read: otherwise anyone could fill the heap without knowing the secret.
final class Bodies {

  private static final int KIB = 1 << 10;
  private static final int STEP = 64 * KIB;
  private static final Duration SLOWEST = Duration.ofSeconds(30);

  private final int limit;
  private final Duration slowest;

  /// In KiB.
  private final Semaphore memory;

  /// @param limit of one body, in bytes
  /// @param budget of all bodies together, in bytes; at least the limit
  Bodies(int limit, long budget) {
    this(limit, budget, SLOWEST);
  }

  /// @param slowest how long one body may take
  Bodies(int limit, long budget, Duration slowest) {
    this.limit = limit;
    this.slowest = slowest;
    this.memory = new Semaphore(Math.toIntExact(Math.max(budget, limit) / KIB));
  }

  /// A body in memory, which it gives back when it is closed.
  final class Body implements AutoCloseable {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int reserved;

    private Body() {}

    byte[] bytes() {
      return bytes.toByteArray();
    }

    private void reserve(int size) throws Refused {
      int more = (size + KIB - 1) / KIB;
      if (!memory.tryAcquire(more)) {
        throw new Refused(503, "Too many bodies are being read. Send it again later.");
      }
      reserved += more;
    }

    @Override
    public void close() {
      memory.release(reserved);
      reserved = 0;
    }
  }

  /// Why a body is not read: an HTTP status and what to tell the sender. The rest of the body is
  /// still on its way, so the connection can't be used again.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    Refused(int status, String detail) {
      super(detail);
      this.status = status;
    }

    Problem problem() {
      return Problem.of(status, String.valueOf(getMessage()));
    }
  }

  /// Reads a request's body. Close what is returned once it is no longer needed.
  Body read(ServerRequest request) throws Refused {
    OptionalLong announced = request.headers().contentLength();
    if (announced.orElse(0) > limit) {
      throw tooLarge();
    }
    return request.content().hasEntity()
        ? read(request.content().inputStream(), announced.isPresent())
        : new Body();
  }

  /// Reads to the end. The stream isn't closed: closing a request's would read on to an end which
  /// may never come.
  ///
  /// @param announced whether the sender said how much there is; if not, the server may buffer all
  ///   of a chunk, so the most is reserved beforehand
  Body read(InputStream in, boolean announced) throws Refused {
    Body body = new Body();
    try {
      fill(body, in, announced);
      return body;
    } catch (Refused | RuntimeException e) {
      body.close();
      throw e;
    }
  }

  private void fill(Body body, InputStream in, boolean announced) throws Refused {
    if (!announced) {
      body.reserve(limit);
    }
    long end = System.nanoTime() + slowest.toNanos();
    byte[] step = new byte[STEP];
    try (Patience.Wait _ = Patience.begin(slowest.multipliedBy(2))) {
      for (int read = in.read(step); read >= 0; read = in.read(step)) {
        if (body.bytes.size() + read > limit) {
          throw tooLarge();
        }
        if (System.nanoTime() - end > 0) {
          throw new Refused(408, "The body took too long.");
        }
        if (announced) {
          body.reserve(read);
        }
        body.bytes.write(step, 0, read);
      }
    } catch (RequestException e) {
      throw e.status().code() == 413 ? tooLarge() : new Refused(400, "The body can't be read.");
    } catch (IOException | UncheckedIOException e) {
      // Its sender has gone, or said nothing until patience ran out.
      throw new Refused(400, "The body broke off.");
    }
  }

  private static Refused tooLarge() {
    return new Refused(413, "A payload has at most 25 MiB.");
  }
}
