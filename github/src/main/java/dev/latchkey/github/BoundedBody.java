package dev.latchkey.github;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// Collects one answer's body up to a cap, and remembers its head even if the body is lost.
final class BoundedBody implements HttpResponse.BodyHandler<byte[]> {
  private final int maxBytes;
  private final int maxErrorBytes;
  private volatile HttpResponse.@Nullable ResponseInfo head;

  /// Says that the answer is whole on GitHub's side, and too large for us.
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(int maxBytes) {
      super("the answer has more than " + maxBytes + " bytes");
    }
  }

  /// @param maxErrorBytes for an answer that is no success, whose reasons are wanted even if the
  ///   other limit is low
  BoundedBody(int maxBytes, int maxErrorBytes) {
    this.maxBytes = maxBytes;
    this.maxErrorBytes = maxErrorBytes;
  }

  /// The status and headers, once they have come.
  HttpResponse.@Nullable ResponseInfo head() {
    return head;
  }

  @Override
  public HttpResponse.BodySubscriber<byte[]> apply(HttpResponse.ResponseInfo info) {
    head = info;
    boolean success = info.statusCode() >= 200 && info.statusCode() < 300;
    return new Collector(success ? maxBytes : maxErrorBytes);
  }

  private static final class Collector implements HttpResponse.BodySubscriber<byte[]> {
    private final int maxBytes;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    Collector(int maxBytes) {
      this.maxBytes = maxBytes;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        if (bytes.size() + buffer.remaining() > maxBytes) {
          refuse();
          return;
        }
        byte[] part = new byte[buffer.remaining()];
        buffer.get(part);
        bytes.write(part, 0, part.length);
      }
    }

    @Override
    public void onError(Throwable failure) {
      whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      whole.complete(bytes.toByteArray());
    }

    private void refuse() {
      if (subscription != null) {
        subscription.cancel();
      }
      whole.completeExceptionally(new TooLarge(maxBytes));
    }
  }
}
