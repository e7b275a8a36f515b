package dev.strongroom.hsm.protocol;

/** What came back for a command: a reply or an expected no. */
public sealed interface Answer {

    record Given(Reply reply) implements Answer {}

    record Declined(Refused refused) implements Answer {}
}
