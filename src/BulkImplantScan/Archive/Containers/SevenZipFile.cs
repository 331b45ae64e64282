namespace BulkImplantScan.Archive.Containers;

/// <summary>A file of a 7z.</summary>
/// <param name="Name">UTF-8.</param>
/// <param name="Folder">Number of the folder that holds its bytes; −1 for an empty file.</param>
/// <param name="InFolder">Its place among the files of that folder.</param>
/// <param name="IsDirectory">A folder of the disk it came from.</param>
/// <param name="IsLink">A symbolic link of Unix.</param>
internal readonly record struct SevenZipFile(byte[] Name, int Folder, int InFolder, bool IsDirectory, bool IsLink);
