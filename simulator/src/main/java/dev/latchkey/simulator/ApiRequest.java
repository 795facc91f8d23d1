package dev.latchkey.simulator;

/// A request to the simulated GitHub, as a listener sees it; without its headers, which carry
/// tokens.
///
/// @param number counts the requests from 1 in order of arrival
/// @param path without the query, as sent
/// @param query without the question mark, empty if there is none
/// @param body as sent, empty if there is none
public record ApiRequest(long number, String method, String path, String query, String body) {

  /// Whether it changes something at GitHub; asking for a token does not count, nor does a query in
  /// GraphQL.
  public boolean write() {
    if (path.equals("/graphql")) {
      return body.contains("mutation");
    }
    return !method.equals("GET") && !path.startsWith("/app/");
  }
}
