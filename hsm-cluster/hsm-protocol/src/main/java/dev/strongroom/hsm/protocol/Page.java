package dev.strongroom.hsm.protocol;

/**
 * Which part of a listing is wanted.
 *
 * @param after the last item of the page before, empty for the first page; compared as text
 * @param limit how many items at most, at least 1
 * @param minimumIndex the node first applies the log up to here, so that a page fetched from another node does not go back
 *     in time; 0 for the first page, which is a quorum read
 */
public record Page(String after, int limit, long minimumIndex) {}
