"""Kinds that belong to uploads."""

from app.db.models.kinds import Scope, TaskKind


class UploadScope(Scope):
    """Scopes of uploads and photos."""

    READ = "read:uploads"
    WRITE = "write:uploads"


class UploadTask(TaskKind):
    """Tasks about the files of uploads."""

    PROCESS = "process_upload"
    DELETE_FILES = "delete_files"
    SWEEP = "sweep_files"
