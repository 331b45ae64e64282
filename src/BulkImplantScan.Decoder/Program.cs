using BulkImplantScan.Decoder;

return DecoderServer.Run(allowSabotage: args is ["--sabotage"]);
