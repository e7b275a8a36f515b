package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.protocol.ImportCommand;
import dev.strongroom.hsm.protocol.Reply;
import java.util.concurrent.CompletionStage;

/** One admitted command about imported material. */
record ImportWork(MaterialChanges materials, HsmUser user)
        implements ImportCommand.Visitor<CompletionStage<? extends Reply>> {

    @Override
    public CompletionStage<Reply.ImportParameters> makeImportParameters(ImportCommand.MakeImportParameters command) {
        return materials.makeImportParameters(user, command);
    }

    @Override
    public CompletionStage<Reply.ChangedMaterial> importMaterial(ImportCommand.ImportMaterial command) {
        return materials.importMaterial(user, command);
    }

    @Override
    public CompletionStage<Reply.ChangedMaterial> deleteMaterial(ImportCommand.DeleteMaterial command) {
        return materials.deleteMaterial(user, command);
    }
}
