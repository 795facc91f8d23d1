package dev.latchkey.inbox;

import dev.latchkey.kv.Codec;
import java.util.List;
import java.util.function.Consumer;

/// A claim at work.
final class Run implements Task {
  private final Claim claim;
  private final String subject;

  Run(Claim claim, String subject) {
    this.claim = claim;
    this.subject = subject;
  }

  @Override
  public long id() {
    return claim.work();
  }

  @Override
  public String kind() {
    return claim.kind();
  }

  @Override
  public String lane() {
    return claim.lane();
  }

  @Override
  public String key() {
    return claim.key();
  }

  @Override
  public String subject() {
    return subject;
  }

  @Override
  public int attempt() {
    return claim.attempt();
  }

  @Override
  public long epoch() {
    return claim.epoch();
  }

  @Override
  public List<String> deliveries() {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T, X extends Exception> T step(String name, String input, Codec<T> codec, Body<T, X> body)
      throws X {
    return step(name, input, codec, body, result -> {});
  }

  @Override
  public <T, X extends Exception> T step(
      String name, String input, Codec<T> codec, Body<T, X> body, Consumer<T> alongside) throws X {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T, X extends Exception> T paidStep(
      String name, String input, Codec<T> codec, Body<T, X> body) throws X {
    throw new UnsupportedOperationException();
  }
}
