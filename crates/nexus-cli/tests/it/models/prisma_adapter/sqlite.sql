-- What Prisma writes on SQLite through a driver adapter, whose times are texts.
CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" DATETIME NOT NULL);
INSERT INTO "User" VALUES ('clp0', '2026-11-23T07:30:00.123+00:00', '2026-11-23T07:30:00.123+00:00');
