using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace BulkImplantScan.Cli;

/// <summary>The two ways out: text for people on stderr, results for scripts on stdout.</summary>
internal static class Screen
{
    private const int LogWidth = 140;

    private static readonly JsonSerializerOptions JsonLine = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>stderr: colours and live displays on a terminal, plain text elsewhere.</summary>
    public static IAnsiConsole Human { get; } = Create();

    /// <summary>True when someone watches: progress is drawn in place. False in logs: a line now and then.</summary>
    public static bool IsWatched => !Console.IsErrorRedirected && Human.Profile.Capabilities.Ansi;

    /// <summary>One line of text, no markup, never wrapped.</summary>
    public static void Say(string text) => Console.Error.WriteLine(text);

    /// <summary>One object on one line of stdout; names in snake case.</summary>
    public static void Json<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, JsonLine));

    private static IAnsiConsole Create()
    {
        var isRedirected = Console.IsErrorRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected) console.Profile.Width = LogWidth; // a log has no width: tables should not be folded to a guess
        return console;
    }
}
