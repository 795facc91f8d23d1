package dev.latchkey.bench;

import java.util.List;

/// One load on a server.
///
/// @param connections each of which has one webhook under way at most
/// @param perSecond how many webhooks are due each second, over all connections; 0 for as many as
///   are answered
record ServerRow(String name, int connections, int perSecond) {
  static final int STEADY_RATE = 1_000;
  static final String MOST = "256 connections";
  static final String STEADY = "1,000/s, 32 connections";

  static List<ServerRow> all() {
    return List.of(
        new ServerRow("1 connection", 1, 0),
        new ServerRow("32 connections", 32, 0),
        new ServerRow(MOST, 256, 0),
        new ServerRow(STEADY, 32, STEADY_RATE));
  }
}
