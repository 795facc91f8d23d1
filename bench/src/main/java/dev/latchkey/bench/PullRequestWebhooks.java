package dev.latchkey.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signed webhooks of 10 KiB about a push, each to a pull request of its own. For one caller.
///
/// The most of it is a body of [Webhooks], so that it compresses like one of GitHub's.
final class PullRequestWebhooks {
  static final int BODY_BYTES = 10 << 10;

  /// All have ten digits, as they are written over each other.
  private static final int FIRST_NUMBER = 1_000_000_000;

  private static final String NUMBER = Integer.toString(FIRST_NUMBER);
  private static final String BEGINNING =
      """
      {"action":"synchronize","number":%1$s,"pull_request":{"number":%1$s,"draft":false,
      "head":{"sha":"1f2e3d4c5b6a79880716253443526170f1e2d3c4","ref":"topic"},
      "base":{"ref":"main"}},"repository":{"id":77,"name":"shop","owner":{"login":"acme"}},
      "sender":{"id":1,"login":"octocat","type":"User"},"installation":{"id":5},"body":\
      """
          .formatted(NUMBER);
  private static final byte[] TEMPLATE = template().getBytes(US_ASCII);
  private static final int FIRST_PLACE = BEGINNING.indexOf(NUMBER);
  private static final int SECOND_PLACE = BEGINNING.lastIndexOf(NUMBER);

  private final Webhooks webhooks;
  private final AtomicInteger pullRequests;
  private final Mac mac;

  /// A webhook, ready to be sent.
  ///
  /// @param signature the header's value
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Signed(String id, byte[] body, String signature) {}

  /// @param seed unlike any other's, as the deliveries' ids follow from it
  /// @param pullRequests how many there were before
  PullRequestWebhooks(long seed, AtomicInteger pullRequests, String secret) {
    this.webhooks = new Webhooks(seed, 1);
    this.pullRequests = pullRequests;
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(US_ASCII), "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  Signed next() {
    Webhook inner = webhooks.next();
    byte[] body = TEMPLATE.clone();
    byte[] number =
        Integer.toString(FIRST_NUMBER + pullRequests.getAndIncrement()).getBytes(US_ASCII);
    System.arraycopy(number, 0, body, FIRST_PLACE, number.length);
    System.arraycopy(number, 0, body, SECOND_PLACE, number.length);
    int end = body.length - 1;
    System.arraycopy(inner.body(), 0, body, end - Webhooks.BODY_BYTES, Webhooks.BODY_BYTES);
    String signature = "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    return new Signed(inner.id(), body, signature);
  }

  /// Words of the inner body fill what is left.
  private static String template() {
    String inner = new String(new Webhooks(1, 1).next().body(), US_ASCII);
    String[] words =
        Arrays.stream(inner.split("[^a-z]+", -1))
            .filter(w -> w.length() > 2)
            .toArray(String[]::new);
    String between = "\",\"rest\":";
    int prose = BODY_BYTES - between.length() - Webhooks.BODY_BYTES - 1;
    StringBuilder json = new StringBuilder(BEGINNING).append('"');
    SplittableRandom choice = new SplittableRandom(4);
    while (json.length() < prose) {
      json.append(words[choice.nextInt(words.length)]).append(' ');
    }
    json.setLength(prose);
    return json.append(between).append(inner).append('}').toString();
  }
}
