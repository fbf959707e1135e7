-- the version before can live with this
CREATE TABLE "instances" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"version" text COLLATE "C" NOT NULL,
	"host" text COLLATE "C" NOT NULL,
	"about" text COLLATE "C" NOT NULL,
	"came" bigint NOT NULL,
	"seen" bigint NOT NULL
);
