package dev.strongroom.gateway.admin;

import dev.strongroom.api.KmsException;
import dev.strongroom.gateway.authz.IdentityPolicy;
import dev.strongroom.gateway.authz.PolicyDocument;

/** Policies that are read before they are stored. */
final class Documents {

    private Documents() {}

    /** {@code text}, which is a policy; else refuses with what is wrong with it. */
    static String require(String text, IdentityPolicy.Use use) {
        var unused = read(text, use);
        return text;
    }

    /** What {@code text} says; else refuses with what is wrong with it. */
    static PolicyDocument read(String text, IdentityPolicy.Use use) {
        try {
            return IdentityPolicy.parse(text, use);
        } catch (KmsException e) {
            throw AdminRefusal.of(e);
        }
    }
}
