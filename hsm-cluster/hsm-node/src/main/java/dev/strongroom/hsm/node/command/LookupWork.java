package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.LookupCommand;
import dev.strongroom.hsm.protocol.Reply;
import java.util.concurrent.CompletionStage;

/** One admitted look at keys, aliases and callers. */
record LookupWork(KeyReads reads, IdentityReads identityReads, Identities identities, LastUses lastUses, HsmUser user)
        implements LookupCommand.Visitor<CompletionStage<? extends Reply>> {

    @Override
    public CompletionStage<Reply.FoundKey> findKey(LookupCommand.FindKey command) {
        return reads.findKey(user, command);
    }

    @Override
    public CompletionStage<Reply.FoundAlias> findAlias(LookupCommand.FindAlias command) {
        return reads.findAlias(user, command);
    }

    @Override
    public CompletionStage<Reply.KeyPage> listKeys(LookupCommand.ListKeys command) {
        return reads.listKeys(user, command);
    }

    @Override
    public CompletionStage<Reply.AliasPage> listAliases(LookupCommand.ListAliases command) {
        return reads.listAliases(user, command);
    }

    @Override
    public CompletionStage<Reply.SigningKey> deriveSigningKey(LookupCommand.DeriveSigningKey command) {
        return identities.deriveSigningKey(user, command);
    }

    @Override
    public CompletionStage<Reply.FoundAliasNames> findAliasNames(LookupCommand.FindAliasNames command) {
        return reads.findAliasNames(user, command);
    }

    @Override
    public CompletionStage<Reply.FoundLastUse> findLastUse(LookupCommand.FindLastUse command) {
        return lastUses.find(user, command);
    }

    @Override
    public CompletionStage<Reply.FoundPrincipals> findPrincipals(LookupCommand.FindPrincipals command) {
        return identityReads.findPrincipals(command);
    }
}
